import { embeddedClient, embeddedReader } from '../../dist/emulators/kinesis/embedded-client.js';
import type { StreamClient } from '../../dist/kinesis/client/stream-client.js';
import { consume } from '../../dist/kinesis/consumer/consume.js';
import { producerDefaults } from '../../dist/kinesis/producer/producer-settings.js';
import { put } from '../../dist/kinesis/producer/put.js';
import { systemClock } from '../../dist/runtime.js';
import { Mailbox } from '../../dist/stream/mailbox.js';
import type { Transaction } from '../../dist/transactions/transaction.js';
import type { Due, UserRecord } from '../../dist/transactions/user-record.js';
import type { Verdict } from '../../dist/transactions/verdict.js';
import type { VerdictSink } from './verdict-sinks.ts';

/** What a stub does to some of the transactions, by id. */
export interface Misdeeds {
  readonly drop?: readonly string[];
  readonly double?: readonly string[];
  readonly contradict?: readonly string[];
  readonly delay?: readonly string[];
  /** By how much those are delayed. */
  readonly delayMs?: number;
  readonly flip?: readonly string[];
  readonly fail?: readonly string[];
  readonly reject?: readonly string[];
  /** Answered only after the other one. */
  readonly swap?: ReadonlyMap<string, string>;
  /** Ids that nobody sent. */
  readonly invent?: readonly string[];
}

/** A pipeline that answers with known scores, and does known misdeeds. */
export interface PipelineStub {
  close(): Promise<void>;
}

/** Lines to a stream, each card's in their order. */
class Sink implements VerdictSink {
  readonly #letters = new Mailbox<readonly Due<UserRecord>[]>();
  readonly #ended: Promise<void>;

  constructor(stream: StreamClient) {
    const outside = { clock: systemClock, random: Math.random };
    const settings = { ...producerDefaults, isOrdered: true };
    this.#ended = (async () => {
      for await (const _ of put(this.#letters, stream, outside, settings));
      await stream.close();
    })();
  }

  write(card: string, value: object): void {
    const record = { id: '', partitionKey: card, data: Buffer.from(JSON.stringify(value)) };
    this.#letters.push([{ dueAt: systemClock.now(), record }]);
  }

  async end(): Promise<void> {
    this.#letters.end();
    await this.#ended;
  }
}

/** What a stub answers to one transaction after the other. */
class Clerk {
  readonly #scores: ReadonlyMap<string, number>;
  readonly #misdeeds: Misdeeds;
  readonly #verdicts: VerdictSink;
  readonly #dead: VerdictSink;
  /** Who waits, by the id after whose answer he is answered. */
  readonly #waiting = new Map<string, string>();

  constructor(
    scores: ReadonlyMap<string, number>,
    misdeeds: Misdeeds,
    verdicts: VerdictSink,
    dead: VerdictSink,
  ) {
    this.#scores = scores;
    this.#misdeeds = misdeeds;
    this.#verdicts = verdicts;
    this.#dead = dead;
  }

  begin(): void {
    for (const id of this.#misdeeds.invent ?? []) this.#score(id, 'card', 0);
  }

  answer({ transaction_id: id, card_id: card }: Transaction): void {
    const held = this.#misdeeds.swap?.get(id);
    if (this.#does('drop', id)) return;
    if (this.#does('reject', id)) this.#reject(id, card);
    else if (held !== undefined) this.#waiting.set(held, id);
    else if (this.#does('delay', id))
      setTimeout(() => this.#judge(id, card), this.#misdeeds.delayMs);
    else this.#judge(id, card);
  }

  #judge(id: string, card: string): void {
    const score = this.#scores.get(id) ?? 0;
    const told = this.#does('flip', id) ? 1 - score : score;
    if (this.#does('fail', id)) this.#tell(id, card, { error: 'timeout' });
    else this.#score(id, card, told);
    if (this.#does('double', id)) this.#score(id, card, told);
    if (this.#does('contradict', id)) this.#score(id, card, 1 - score);
    const freed = this.#waiting.get(id);
    if (freed !== undefined) this.#score(freed, card, this.#scores.get(freed) ?? 0);
  }

  #does(what: keyof Omit<Misdeeds, 'swap' | 'delayMs'>, id: string): boolean {
    return this.#misdeeds[what]?.includes(id) ?? false;
  }

  #reject(id: string, card: string): void {
    this.#dead.write(card, { transaction_id: id, error: 'bad_data', reason: 'told to' });
  }

  #score(id: string, card: string, score: number): void {
    this.#tell(id, card, { score, is_fraud_predicted: score >= 0.5 });
  }

  #tell(id: string, card: string, fields: Partial<Verdict>): void {
    this.#verdicts.write(card, {
      transaction_id: id,
      card_id: card,
      event_time: '2026-01-01T00:00:00.000Z',
      scored_at: '2026-01-01T00:00:00.000Z',
      threshold: 0.5,
      attempts: 1,
      ...fields,
    });
  }
}

/** Reads one stream and writes verdicts to another, or to a sink, and dead letters to a third. */
export async function pipelineStub(
  url: string,
  [input, verdicts, rejects]: readonly [string, string | VerdictSink, string | VerdictSink],
  scores: ReadonlyMap<string, number>,
  misdeeds: Misdeeds,
): Promise<PipelineStub> {
  const stop = new AbortController();
  const source = await embeddedReader(input, url);
  const sinkOf = async (to: string | VerdictSink): Promise<VerdictSink> =>
    typeof to === 'string' ? new Sink(await embeddedClient(to, url)) : to;
  const sink = await sinkOf(verdicts);
  const dead = await sinkOf(rejects);
  const clerk = new Clerk(scores, misdeeds, sink, dead);
  const read = async (): Promise<void> => {
    const means = { clock: systemClock, stop: stop.signal };
    const reading = { from: 'trim-horizon', limit: 10_000, pollIntervalMs: 50 } as const;
    let isBegun = false;
    for await (const { records } of consume(source, means, reading)) {
      if (!isBegun) clerk.begin();
      isBegun = true;
      for (const { data } of records) clerk.answer(JSON.parse(Buffer.from(data).toString()));
    }
  };
  const ended = read();
  return {
    close: async () => {
      stop.abort();
      await ended;
      await sink.end();
      await dead.end();
      source.close();
    },
  };
}
