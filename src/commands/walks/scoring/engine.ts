import { type ConsumeSettings, consume } from '../../../kinesis/consume.ts';
import type { Checkpoint } from '../../../kinesis/consumer/checkpoint.ts';
import { Cuts } from '../../../kinesis/consumer/cuts.ts';
import type { Position } from '../../../kinesis/read-client.ts';
import type { Candidate } from '../../../records/candidate.ts';
import type { ConsumedRecord } from '../../../records/consumed-record.ts';
import type { Due } from '../../../records/due.ts';
import { unreadable } from '../../../records/rejection.ts';
import { parseTransaction } from '../../../records/transaction.ts';
import { candidateFrom } from '../../../scoring/candidates.ts';
import type { Outside } from '../../outside.ts';
import { type OpenStream, openRemote } from '../sources/stream.ts';
import { EngineCheckpoint, type EngineState } from './engine-checkpoint.ts';
import { type EngineFeatures, engineFeatures } from './engine-features.ts';
import type { ScoreValues } from './score-values.ts';
import { openSinks, remoteOf, type Sinks } from './sinks.ts';

/** The flags of an engine. */
export type StreamValues = ScoreValues & { readonly fromStream: string };

/** Records between two places at which a cut may be. */
const SLICE = 200;
/** As often as Kinesis lets a shard be read. */
const READING = { limit: 10_000, pollIntervalMs: 200 } as const;

/** What one engine holds between its stream and its sinks. */
export class Engine {
  readonly stream: OpenStream;
  readonly sinks: Sinks;
  readonly cuts: Cuts<EngineState>;
  readonly #values: StreamValues;
  readonly #outside: Outside;
  readonly #features: EngineFeatures;
  readonly #file: EngineCheckpoint | undefined;
  readonly #from: Checkpoint['from'];
  readonly #begin: Pick<ConsumeSettings, 'from' | 'positions'>;
  readonly #positions: Map<string, Position | 'end'>;
  #cutAt: number;
  #saving: Promise<void> = Promise.resolve();
  #saveError: unknown;
  #taken = 0;
  unread = 0;

  static async open(values: StreamValues, outside: Outside): Promise<Engine> {
    const { fromStream, checkpoint, from } = values;
    const file =
      checkpoint === undefined ? undefined : new EngineCheckpoint(checkpoint, fromStream);
    const old = await file?.read();
    const features = engineFeatures(values, old?.features);
    const stream = await openRemote(remoteOf(fromStream, values));
    const begin = old?.checkpoint ?? { from, positions: new Map() };
    const cuts = new Cuts<EngineState>();
    let engine: Engine | undefined;
    const sinks = await openSinks(values, outside, (ids) => {
      for (const id of ids) if (id !== '') cuts.done(Number(id));
      engine?.save();
    });
    engine = new Engine(values, outside, { stream, sinks, cuts, features, file, begin });
    // A crash before the first checkpoint must not move the beginning.
    if (!old) await engine.finish();
    return engine;
  }

  private constructor(
    values: StreamValues,
    outside: Outside,
    parts: {
      readonly stream: OpenStream;
      readonly sinks: Sinks;
      readonly cuts: Cuts<EngineState>;
      readonly features: EngineFeatures;
      readonly file: EngineCheckpoint | undefined;
      readonly begin: Pick<ConsumeSettings, 'from' | 'positions'>;
    },
  ) {
    this.#values = values;
    this.#outside = outside;
    this.stream = parts.stream;
    this.sinks = parts.sinks;
    this.cuts = parts.cuts;
    this.#features = parts.features;
    this.#file = parts.file;
    this.#begin = parts.begin;
    this.#cutAt = outside.clock.now();
    const { from } = parts.begin;
    const isPlain = from === 'trim-horizon' || (typeof from === 'object' && 'timestamp' in from);
    this.#from = isPlain ? from : { timestamp: this.#cutAt };
    this.#positions = new Map(parts.begin.positions);
  }

  /** The transactions of the stream, each batch after the last one was taken. */
  async *candidates(): AsyncGenerator<readonly Due<Candidate>[], void, undefined> {
    const { clock, stop } = this.#outside;
    const { idleTimeout: idleMs, count: most = Number.POSITIVE_INFINITY } = this.#values;
    const settings = { ...READING, ...this.#begin, idleMs };
    for await (const batch of consume(this.stream.client, { clock, stop }, settings)) {
      const records = batch.records.slice(0, most - this.#taken);
      this.#taken += records.length;
      const dueAt = clock.now();
      for (let from = 0; from < records.length; from += SLICE) {
        const slice = records.slice(from, from + SLICE);
        const group = slice.flatMap((record) => this.#candidate(record) ?? []);
        this.#passed(batch.shardId, slice);
        yield group.map((record) => ({ dueAt, record }));
        if (this.#saveError) throw this.#saveError;
      }
      if (batch.isEnd && records.length === batch.records.length) {
        this.#positions.set(batch.shardId, 'end');
      }
      if (this.#taken >= most) return;
    }
  }

  /** Keeps the latest state before which everything is done, if there is a new one. */
  save(): void {
    const state = this.cuts.take();
    const file = this.#file;
    if (!state || !file) return;
    this.#saving = this.#saving
      .then(() => file.write(state))
      .catch((error: unknown) => {
        this.#saveError ??= error;
      });
  }

  /** Everything has been written: keeps the last state. */
  async finish(): Promise<void> {
    this.#cut();
    this.save();
    await this.#saving;
    if (this.#saveError) throw this.#saveError;
  }

  #candidate(record: ConsumedRecord): Candidate | undefined {
    const { data } = record;
    const read = readTransaction(data);
    if ('parsed' in read) {
      this.cuts.admit();
      const { parsed } = read;
      return candidateFrom(parsed, String(parsed.card_id), data, this.#features.of);
    }
    this.unread += 1;
    const why = `${record.shardId} ${record.sequenceNumber}: ${read.problem}`;
    const epoch = this.cuts.owe(this.cuts.epochOf(Number.POSITIVE_INFINITY));
    const rejection = unreadable(data, why, this.#outside.clock.now());
    // A sink that cannot be written says so when it is ended.
    this.sinks.rejects([rejection], String(epoch)).catch(() => undefined);
    return undefined;
  }

  #passed(shardId: string, records: readonly ConsumedRecord[]): void {
    const last = records.at(-1);
    if (!last) return;
    const { sequenceNumber, subSequenceNumber = 0 } = last;
    this.#positions.set(shardId, { sequenceNumber, subSequenceNumber });
    const isTime = this.#outside.clock.now() - this.#cutAt >= this.#values.checkpointInterval;
    if (this.#file && isTime && !this.cuts.isWaiting) this.#cut();
  }

  #cut(): void {
    this.#cutAt = this.#outside.clock.now();
    const positions = new Map(this.#positions);
    const checkpoint = { stream: this.#values.fromStream, from: this.#from, positions };
    this.cuts.cut({ checkpoint, features: this.#features.snapshot() });
  }
}

type Read = { readonly parsed: Readonly<Record<string, unknown>> } | { readonly problem: string };

/** The transaction that a record holds, as it stands there, or why it holds none. */
function readTransaction(data: Uint8Array): Read {
  try {
    const text = Buffer.from(data.buffer, data.byteOffset, data.length).toString('utf8');
    const parsed = JSON.parse(text);
    const result = parseTransaction(parsed);
    if ('transaction' in result) return { parsed };
    return { problem: `${result.problem.field} ${result.problem.reason}` };
  } catch (error) {
    return { problem: `it is not JSON (${error instanceof Error ? error.message : error})` };
  }
}
