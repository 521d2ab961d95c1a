import type { Runtime } from '../cli/runtime.ts';
import { type OpenStream, openExisting } from '../commands/shared/open-stream.ts';
import type { ScoreValues } from '../commands/shared/scoring-settings.ts';
import {
  type ChosenFeatures,
  chosenFeatures,
  lackOf,
} from '../commands/shared/scoring-settings.ts';
import type { Checkpoint } from '../kinesis/consumer/checkpoint.ts';
import { CheckpointBarriers } from '../kinesis/consumer/checkpoint-barriers.ts';
import type { ConsumeSettings } from '../kinesis/consumer/consume.ts';
import type { Position } from '../kinesis/read-client.ts';
import { candidateFrom } from '../scoring/candidates.ts';
import type { Label } from '../transactions/label.ts';
import type { Candidate } from '../transactions/scoring-outcome.ts';
import type { Due } from '../transactions/user-record.ts';
import { unreadable } from '../transactions/verdict.ts';
import { EngineCheckpoint, type EngineState } from './checkpoint-file.ts';
import { type ReadRecord, turnsOf } from './read-order.ts';
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
  readonly barriers: CheckpointBarriers<EngineState>;
  readonly #values: StreamValues;
  readonly #runtime: Runtime;
  readonly #features: ChosenFeatures;
  readonly #file: EngineCheckpoint | undefined;
  readonly #from: Checkpoint['from'];
  readonly #begin: Pick<ConsumeSettings, 'from' | 'positions'>;
  readonly #positions: Map<string, Position | 'end'>;
  #cutAt: number;
  #saving: Promise<void> = Promise.resolve();
  #saveError: unknown;
  #taken = 0;
  unread = 0;
  /** Records in aggregates outside their shard's range: a KCL reader drops them. */
  outOfRange = 0;

  /** Opens its ends; `labels` are known ahead of the transactions of the stream. */
  static async open(
    values: StreamValues,
    runtime: Runtime,
    labels: Iterable<Label>,
  ): Promise<Engine> {
    const { fromStream, checkpoint, from } = values;
    const file =
      checkpoint === undefined ? undefined : new EngineCheckpoint(checkpoint, fromStream);
    const old = await file?.read();
    const features = chosenFeatures(values, old?.features);
    for (const label of labels) features.expect(label);
    const stream = await openExisting(remoteOf(fromStream, '--from-stream', values), runtime);
    const begin = old?.checkpoint ?? { from, positions: new Map() };
    const barriers = new CheckpointBarriers<EngineState>();
    let engine: Engine | undefined;
    const sinks = await openSinks(values, runtime, (ids) => {
      for (const id of ids) if (id !== '') barriers.done(Number(id));
      engine?.save();
    }).catch(async (error: unknown) => {
      await stream.close();
      throw error;
    });
    engine = new Engine(values, runtime, { stream, sinks, barriers, features, file, begin });
    // A crash before the first checkpoint must not move the beginning.
    if (!old) await engine.finish();
    return engine;
  }

  private constructor(
    values: StreamValues,
    runtime: Runtime,
    parts: {
      readonly stream: OpenStream;
      readonly sinks: Sinks;
      readonly barriers: CheckpointBarriers<EngineState>;
      readonly features: ChosenFeatures;
      readonly file: EngineCheckpoint | undefined;
      readonly begin: Pick<ConsumeSettings, 'from' | 'positions'>;
    },
  ) {
    this.#values = values;
    this.#runtime = runtime;
    this.stream = parts.stream;
    this.sinks = parts.sinks;
    this.barriers = parts.barriers;
    this.#features = parts.features;
    this.#file = parts.file;
    this.#begin = parts.begin;
    this.#cutAt = runtime.clock.now();
    const { from } = parts.begin;
    const isPlain = from === 'trim-horizon' || (typeof from === 'object' && 'timestamp' in from);
    this.#from = isPlain ? from : { timestamp: this.#cutAt };
    this.#positions = new Map(parts.begin.positions);
  }

  /** The transactions of the stream, each group after the last one was taken. */
  async *candidates(): AsyncGenerator<readonly Due<Candidate>[], void, undefined> {
    const { count: most = Number.POSITIVE_INFINITY } = this.#values;
    for await (const turn of this.#turns()) {
      const records = turn.records.slice(0, most - this.#taken);
      this.#taken += records.length;
      for (const group of this.#groups(records)) {
        yield group;
        if (this.#saveError) throw this.#saveError;
      }
      if (records.length === turn.records.length) this.#end(turn.ended);
      if (this.#taken >= most) return;
    }
  }

  #turns(): ReturnType<typeof turnsOf> {
    const { clock, stop } = this.#runtime;
    const { idleTimeout: idleMs, featureOrder } = this.#values;
    const settings = { ...READING, ...this.#begin, idleMs };
    return turnsOf(this.stream.client, { clock, stop }, settings, featureOrder);
  }

  #end(shardIds: readonly string[]): void {
    for (const shardId of shardIds) this.#positions.set(shardId, 'end');
  }

  *#groups(records: readonly ReadRecord[]): Generator<readonly Due<Candidate>[]> {
    const dueAt = this.#runtime.clock.now();
    for (let from = 0; from < records.length; from += SLICE) {
      const slice = records.slice(from, from + SLICE);
      const group = slice.flatMap((record) => this.#candidate(record) ?? []);
      this.#passed(slice);
      yield group.map((record) => ({ dueAt, record }));
    }
  }

  /** Keeps the latest state before which everything is done, if there is a new one. */
  save(): void {
    const state = this.barriers.take();
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
    this.#injectBarrier();
    this.save();
    await this.#saving;
    if (this.#saveError) throw this.#saveError;
  }

  #candidate({ record, parsed, problem }: ReadRecord): Candidate | undefined {
    const { data } = record;
    const lack = parsed && lackOf(this.#values, parsed);
    if (parsed && !lack) {
      this.barriers.admit();
      return candidateFrom(parsed, String(parsed.card_id), data, this.#features.of);
    }
    this.unread += 1;
    const why = `${record.shardId} ${record.sequenceNumber}: ${lack ? `${lack.field} ${lack.reason}` : problem}`;
    const epoch = this.barriers.owe(this.barriers.epochOf(Number.POSITIVE_INFINITY));
    const rejection = unreadable(data, why, this.#runtime.clock.now());
    // A sink that cannot be written says so when it is ended.
    this.sinks.rejects([rejection], String(epoch)).catch(() => undefined);
    return undefined;
  }

  #passed(slice: readonly ReadRecord[]): void {
    for (const { record } of slice) {
      const { shardId, sequenceNumber, subSequenceNumber = 0 } = record;
      if (!record.isInRange) this.outOfRange += 1;
      this.#positions.set(shardId, { sequenceNumber, subSequenceNumber });
    }
    const isTime = this.#runtime.clock.now() - this.#cutAt >= this.#values.checkpointInterval;
    if (this.#file && isTime && !this.barriers.isWaiting) this.#injectBarrier();
  }

  #injectBarrier(): void {
    this.#cutAt = this.#runtime.clock.now();
    const positions = new Map(this.#positions);
    const checkpoint = { stream: this.#values.fromStream, from: this.#from, positions };
    this.barriers.barrier({ checkpoint, features: this.#features.snapshot() });
  }
}
