import type { TransactionContract } from '../contract/transactions-contract.ts';
import type { LabelledFeatures } from '../features/labelled-features.ts';
import { givenFault } from '../files/given-features.ts';
import type { Checkpoint, From } from '../kinesis/consumer/checkpoint.ts';
import { CheckpointBarriers } from '../kinesis/consumer/checkpoint-barriers.ts';
import type { ConsumeSettings } from '../kinesis/consumer/consume.ts';
import type { Position, ReadClient } from '../kinesis/read-client.ts';
import { candidateFrom } from '../scoring/candidates.ts';
import type { Endpoint } from '../scoring/score-client.ts';
import type { Label } from '../transactions/label.ts';
import type { Candidate, ScoringOutcome } from '../transactions/scoring-outcome.ts';
import type { Due } from '../transactions/user-record.ts';
import { unreadable } from '../transactions/verdict.ts';
import { EngineCheckpoint, type EngineState } from './checkpoint-file.ts';
import { type FeatureSettings, type FeatureSource, featureSource } from './feature-source.ts';
import { LabelStream, type LabelStreamFigures } from './label-stream.ts';
import {
  byReading,
  endOfInstant,
  type FeatureOrder,
  firstOf,
  type ReadRecord,
  recordsInOrder,
} from './read-order.ts';
import {
  type ScoreRunDependencies,
  type ScoreRunResult,
  type ScoreRunSettings,
  scoreRun,
} from './score-run.ts';
import type { Acknowledge, ScoreSinks } from './sinks.ts';

/**
 * How a stream is scored.
 *
 * `stream` names it in the checkpoint. `from` says where reading begins without a checkpoint.
 * `checkpoint` is the path of the file that positions are kept in; the features are in a file beside
 * it. `count` ends the run after so many records, `idleMs` after so long without one. `labels` are
 * known ahead of the transactions. `areShardsInOrder`: by event time, each shard is left in its own order, and no
 * transaction waits for others of its instant. `restored` are the features of an earlier run, for a stream without a checkpoint.
 */
export interface ScoreStreamSettings extends ScoreRunSettings, FeatureSettings {
  readonly stream: string;
  readonly from: From;
  readonly featureOrder: FeatureOrder;
  readonly areShardsInOrder?: boolean | undefined;
  readonly checkpoint?: string | undefined;
  readonly checkpointIntervalMs: number;
  readonly count?: number | undefined;
  readonly idleMs?: number | undefined;
  readonly labels?: Iterable<Label>;
  readonly restored?: LabelledFeatures | undefined;
  /** The form of the transactions where it is not ours. */
  readonly transactionForm?: TransactionContract | undefined;
}

/** What a stream engine needs from its caller; `stop` ends reading, and what was read is scored. */
export interface ScoreStreamDependencies
  extends Omit<ScoreRunDependencies, 'sinks' | 'onOutcomes' | 'idOf'> {
  readonly stop: AbortSignal;
  /** Opens the sinks, which call `acknowledge` for every line that has arrived. Ended by the engine. */
  readonly openSinks: (acknowledge: Acknowledge) => Promise<ScoreSinks>;
  /** A stream of labels; what is in it at the beginning is known before the first transaction. */
  readonly labelStream?: ReadClient | undefined;
  /** Called once, before anything is read, with what takes labels while the stream is scored. */
  readonly onFeatures?: ((features: Pick<FeatureSource, 'expect'>) => void) | undefined;
}

/**
 * What a stream came to. `unread`: records that hold no transaction, which are rejected.
 * `outOfRange`: transactions in aggregates outside their shard's range, which a KCL reader drops.
 */
export interface ScoreStreamResult extends ScoreRunResult {
  readonly unread: number;
  readonly outOfRange: number;
  /** Of the stream of labels, where there is one. */
  readonly labelStream: LabelStreamFigures | undefined;
}

/**
 * Scores the transactions of a Kinesis stream, at least once, through crashes.
 *
 * A checkpoint is a barrier in the stream: positions and features between two records, written when
 * every verdict before it has been acknowledged. So a crash loses nothing; what was scored after the
 * last barrier is scored again, with the same features.
 * Errors: throws those of opening (the checkpoint, the sinks); later ones come as `failure`.
 */
export async function scoreStream(
  client: ReadClient,
  endpoint: Endpoint,
  settings: ScoreStreamSettings,
  dependencies: ScoreStreamDependencies,
): Promise<ScoreStreamResult> {
  const engine = await StreamEngine.open(client, settings, dependencies);
  const result = await scoreRun(engine.candidates(), endpoint, settings, {
    ...dependencies,
    sinks: engine.sinks,
    onOutcomes: (outcomes) => engine.settle(outcomes),
    onStart: (fold) => {
      engine.onReading = fold.addReading;
      dependencies.onStart?.(fold);
    },
    idOf: ({ ordinal }) => engine.epochOf(ordinal),
  });
  const { unread, outOfRange, labelFigures: labelStream } = engine;
  try {
    await engine.finish();
    return { ...result, unread, outOfRange, labelStream };
  } catch (error) {
    const failure = result.failure ?? { error };
    return { ...result, unread, outOfRange, labelStream, failure };
  } finally {
    await engine.closeLabels();
  }
}

/** Records between two points at which a barrier may be. */
const SLICE = 200;
/** As often as Kinesis lets a shard be read. */
const READING = { limit: 10_000, pollIntervalMs: 200 } as const;

type Begin = Pick<ConsumeSettings, 'positions'> & { readonly from: From };

/** The state of one engine between its stream and its sinks. */
class StreamEngine {
  readonly sinks: ScoreSinks;
  readonly #client: ReadClient;
  readonly #settings: ScoreStreamSettings;
  readonly #dependencies: ScoreStreamDependencies;
  readonly #barriers: CheckpointBarriers<EngineState>;
  readonly #features: FeatureSource;
  readonly #labels: LabelStream | undefined;
  readonly #file: EngineCheckpoint | undefined;
  readonly #from: Checkpoint['from'];
  readonly #begin: Begin;
  readonly #identity: Checkpoint['identity'];
  readonly #positions: Map<string, Position | 'end'>;
  #barrierAt: number;
  #saving: Promise<void> = Promise.resolve();
  #saveError: unknown;
  #taken = 0;
  #unread = 0;
  #outOfRange = 0;
  /** Called with the time from the arrival of each record until it was read. */
  onReading: (latencyMs: number) => void = () => undefined;

  /** Reads the checkpoint and opens the sinks. */
  static async open(
    client: ReadClient,
    settings: ScoreStreamSettings,
    dependencies: ScoreStreamDependencies,
  ): Promise<StreamEngine> {
    const { stream, checkpoint, from, labels = [] } = settings;
    const file = checkpoint === undefined ? undefined : new EngineCheckpoint(checkpoint, stream);
    const identity = file && (await client.identity?.());
    const old = await file?.read(identity);
    const features = featureSource(settings, old ? old.features : settings.restored);
    for (const label of labels) features.expect(label);
    dependencies.onFeatures?.(features);
    const { labelStream, clock, stop } = dependencies;
    const labelReader =
      labelStream && (await LabelStream.open(labelStream, { clock, stop }, features.learn));
    const begin = old?.checkpoint ?? { from, positions: new Map() };
    const barriers = new CheckpointBarriers<EngineState>();
    let engine: StreamEngine | undefined;
    try {
      const sinks = await dependencies.openSinks((ids) => {
        for (const id of ids) if (id !== '') barriers.done(Number(id));
        engine?.save();
      });
      const parts = {
        client,
        sinks,
        barriers,
        features,
        labels: labelReader,
        file,
        begin,
        identity,
      };
      engine = new StreamEngine(settings, dependencies, parts);
      // A crash before the first checkpoint must not move the beginning.
      if (!old) await engine.finish();
      return engine;
    } catch (error) {
      await labelReader?.close();
      throw error;
    }
  }

  private constructor(
    settings: ScoreStreamSettings,
    dependencies: ScoreStreamDependencies,
    parts: {
      readonly client: ReadClient;
      readonly sinks: ScoreSinks;
      readonly barriers: CheckpointBarriers<EngineState>;
      readonly features: FeatureSource;
      readonly labels: LabelStream | undefined;
      readonly file: EngineCheckpoint | undefined;
      readonly begin: Begin;
      readonly identity: Checkpoint['identity'];
    },
  ) {
    this.#settings = settings;
    this.#dependencies = dependencies;
    this.#client = parts.client;
    this.sinks = parts.sinks;
    this.#barriers = parts.barriers;
    this.#features = parts.features;
    this.#labels = parts.labels;
    this.#file = parts.file;
    this.#begin = parts.begin;
    this.#identity = parts.identity;
    this.#barrierAt = dependencies.clock.now();
    const { from } = parts.begin;
    const isPlain = from === 'trim-horizon' || (typeof from === 'object' && 'timestamp' in from);
    this.#from = isPlain ? from : { timestamp: this.#barrierAt };
    this.#positions = new Map(parts.begin.positions);
  }

  async closeLabels(): Promise<void> {
    await this.#labels?.close();
  }

  get labelFigures(): LabelStreamFigures | undefined {
    return this.#labels?.figures;
  }

  /** Records that hold no transaction. */
  get unread(): number {
    return this.#unread;
  }

  /** Records in aggregates outside their shard's range. */
  get outOfRange(): number {
    return this.#outOfRange;
  }

  /** The id under which the lines of a transaction are acknowledged. */
  epochOf(ordinal: number): string {
    return String(this.#barriers.epochOf(ordinal));
  }

  /** The transactions of the stream, each group after the last one was taken. */
  async *candidates(): AsyncGenerator<readonly Due<Candidate>[], void, undefined> {
    const { count: most = Number.POSITIVE_INFINITY } = this.#settings;
    for await (const turn of this.#turns()) {
      this.#labels?.check();
      const records = firstOf(turn.records, most - this.#taken);
      this.#taken += records.length;
      for (const group of this.#groups(records)) {
        yield group;
        if (this.#saveError) throw this.#saveError;
      }
      if (records.length === turn.records.length) this.#endShards(turn.ended);
      if (this.#taken >= most) return;
    }
  }

  #endShards(shardIds: readonly string[]): void {
    for (const shardId of shardIds) this.#positions.set(shardId, 'end');
  }

  #turns(): ReturnType<typeof recordsInOrder> {
    const { clock, stop } = this.#dependencies;
    const { idleMs, featureOrder, transactionForm } = this.#settings;
    const settings = { ...READING, ...this.#begin, idleMs };
    const order = { order: featureOrder, arrangesInstants: this.#arrangesInstants };
    return recordsInOrder(this.#client, { clock, stop }, settings, order, transactionForm);
  }

  get #arrangesInstants(): boolean {
    const { featureOrder, areShardsInOrder = false } = this.#settings;
    return featureOrder === 'event-time' && !areShardsInOrder;
  }

  *#groups(records: readonly ReadRecord[]): Generator<readonly Due<Candidate>[]> {
    const dueAt = this.#dependencies.clock.now();
    for (let from = 0, end = 0; from < records.length; from = end) {
      end = from + SLICE;
      // No barrier parts an instant, whose records are not in the order of their shards.
      if (this.#arrangesInstants) end = endOfInstant(records, end);
      const slice = records.slice(from, end);
      const group = slice.flatMap((record) => this.#candidate(record) ?? []);
      this.#advance(slice);
      yield group.map((record) => ({ dueAt, record }));
    }
  }

  /** Counts the lines that these outcomes add to those of their epoch. */
  settle(outcomes: readonly ScoringOutcome[]): void {
    for (const { ordinal, error } of outcomes) {
      if (error === undefined) continue;
      const epoch = this.#barriers.epochOf(ordinal);
      this.#barriers.owe(epoch);
      // What a broken run could not score is to be scored by the next one.
      if (error === 'aborted') this.#barriers.owe(epoch);
    }
  }

  /** Writes the latest state before which everything is acknowledged, if there is a new one. */
  save(): void {
    const state = this.#barriers.take();
    const file = this.#file;
    if (!state || !file) return;
    this.#saving = this.#saving
      .then(() => file.write(state))
      .catch((error: unknown) => {
        this.#saveError ??= error;
      });
  }

  /** Everything has been written: writes the last state. */
  async finish(): Promise<void> {
    this.#injectBarrier();
    this.save();
    await this.#saving;
    if (this.#saveError) throw this.#saveError;
  }

  #candidate({ record, parsed, problem }: ReadRecord): Candidate | undefined {
    const { data } = record;
    const { features, featureNames: names } = this.#settings;
    const missing = features === 'given' && parsed && givenFault(parsed, { names });
    if (parsed && !missing) {
      this.#barriers.admit();
      return candidateFrom(parsed, String(parsed.card_id), data, this.#features.of);
    }
    this.#unread += 1;
    const why = `${record.shardId} ${record.sequenceNumber}: ${missing ? `${missing.field} ${missing.reason}` : problem}`;
    const epoch = this.#barriers.owe(this.#barriers.epochOf(Number.POSITIVE_INFINITY));
    const rejection = unreadable(data, why, this.#dependencies.clock.now());
    // A sink that cannot be written says so when it is ended.
    this.sinks.writeRejection(rejection, String(epoch)).catch(() => undefined);
    return undefined;
  }

  #advance(slice: readonly ReadRecord[]): void {
    const asRead = this.#arrangesInstants ? [...slice].sort(byReading) : slice;
    for (const { record, readAt } of asRead) {
      if (!Number.isNaN(record.arrivedAt)) this.onReading(readAt - record.arrivedAt);
      const { shardId, sequenceNumber, subSequenceNumber = 0 } = record;
      if (!record.isInRange) this.#outOfRange += 1;
      this.#positions.set(shardId, { sequenceNumber, subSequenceNumber });
    }
    const sinceMs = this.#dependencies.clock.now() - this.#barrierAt;
    const isTime = sinceMs >= this.#settings.checkpointIntervalMs;
    if (this.#file && isTime && !this.#barriers.isWaiting) this.#injectBarrier();
  }

  #injectBarrier(): void {
    this.#barrierAt = this.#dependencies.clock.now();
    const positions = new Map(this.#positions);
    const { stream } = this.#settings;
    const checkpoint = { stream, identity: this.#identity, from: this.#from, positions };
    this.#barriers.barrier({ checkpoint, features: this.#features.snapshot() });
  }
}
