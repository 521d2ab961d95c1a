import { type DeliveryResult, deliver } from '../../kinesis/producer/produce.ts';
import type { ProducerSettings } from '../../kinesis/producer/producer-settings.ts';
import type { PutClient } from '../../kinesis/put-client.ts';
import type { LatencySummary } from '../../metrics/latency.ts';
import { Punctuality } from '../../metrics/punctuality.ts';
import { pace, unpaced } from '../../pacing/pace.ts';
import { constantRate, type Pacer } from '../../pacing/pacer.ts';
import { begun } from '../../stream/begun.ts';
import type { Clock } from '../../stream/clock.ts';
import type { Due, Receipt } from '../../transactions/user-record.ts';
import type { Input } from '../input.ts';
import type { Recorded } from '../recorded.ts';
import { movedTo, type Timed } from './event-times.ts';
import { fingerprint, ReplayCheckpoint } from './replay-checkpoint.ts';
import { type ReplayPlan, replayPlan } from './replay-plan.ts';
import { type Disorder, type ReplayRecordSettings, replayRecords } from './replay-records.ts';

/** Which records are replayed, and how fast. */
export interface ReplaySettings extends ReplayRecordSettings {
  /** Factor on the original speed; infinite is as fast as possible. 1 unless given. */
  readonly speed?: number;
  /** Records a second instead of their own times; infinite is as fast as possible. */
  readonly perSecond?: number | undefined;
}

/** What a replay needs, and who is called while it goes on. `stop` ends the reading of the input. */
export interface ReplayDependencies {
  readonly clock: Clock;
  readonly stop: AbortSignal;
  /** Called once, before the first record leaves or at the end where none does. */
  readonly onReady?: () => Promise<void>;
}

/**
 * What was seen of the records of a replay.
 *
 * `outOfOrder` records came after a later one; `late` ones came too late for the sort window.
 */
export interface ReplayFigures extends Disorder {
  readonly rejectedLines: number;
  readonly punctuality: LatencySummary;
}

/** Where a checkpoint is kept, and whether the replay goes on from it. */
export interface ReplayCheckpointSettings {
  readonly path: string;
  /** A checkpoint that is there is an error unless it is resumed. */
  readonly isResumed: boolean;
}

/**
 * Opens the checkpoint of a replay: it belongs to these files, with these settings.
 *
 * Errors: `no-input` for a file that cannot be read; those of `ReplayCheckpoint.open`.
 */
export async function openReplayCheckpoint(
  { path, isResumed }: ReplayCheckpointSettings,
  { paths, format, mapping, dependencies }: Input,
  settings: ReplayRecordSettings,
  clock: Clock,
): Promise<ReplayCheckpoint> {
  const { by = 'event-time', from, until, sort = false, sortWindowMs: sortWindow } = settings;
  const { limit, loop = 1, timeShift = 'none', filter: conditions = [] } = settings;
  const filter = conditions.map(({ text }) => text);
  // All that decides which records leave in which order; names and order are those of the file format.
  const chosen = { format, by, from, until, sort, sortWindow, limit, loop, timeShift, filter };
  const print = await fingerprint(paths, { ...chosen, mapping }, dependencies);
  return ReplayCheckpoint.open(path, print, isResumed, clock);
}

/** The records of files when they are due, and what was seen of them so far. */
export class Replay {
  readonly #input: Input;
  readonly #settings: ReplaySettings;
  readonly #dependencies: ReplayDependencies;
  readonly #checkpoint: ReplayCheckpoint | undefined;
  readonly #disorder = { outOfOrder: 0, late: 0 };
  readonly #punctuality = new Punctuality();

  /** With a checkpoint the replay leaves out what was acknowledged before. */
  constructor(
    input: Input,
    settings: ReplaySettings,
    dependencies: ReplayDependencies,
    checkpoint?: ReplayCheckpoint,
  ) {
    this.#input = input;
    this.#settings = settings;
    this.#dependencies = dependencies;
    this.#checkpoint = checkpoint;
  }

  get figures(): ReplayFigures {
    const rejectedLines = this.#input.rejected();
    return { ...this.#disorder, rejectedLines, punctuality: this.#punctuality.summary() };
  }

  /** True where records leave by a schedule, false where they leave as fast as they are taken. */
  get isPaced(): boolean {
    const { speed = 1, perSecond } = this.#settings;
    return Number.isFinite(perSecond ?? speed);
  }

  /** The records when they are due; how punctual they leave is noted. Errors: those of reading. */
  async *records(): AsyncGenerator<readonly Due<Recorded>[], void, undefined> {
    const { clock, stop, onReady } = this.#dependencies;
    const timed = replayRecords(
      this.#input,
      this.#settings,
      this.#disorder,
      this.#checkpoint,
      stop,
    );
    const records = await begun(timed);
    const pacer = this.#pacer();
    const groups = pacer ? pace(records, pacer, clock, stop) : unpaced(records, clock, stop);
    const isNow = this.#settings.timeShift === 'now';
    let isReady = false;
    for await (const group of groups) {
      if (!isReady) await onReady?.();
      isReady = true;
      if (pacer) this.#punctuality.add(group, clock.now());
      yield isNow
        ? group.map(({ dueAt, record }) => ({ dueAt, record: movedTo(record, Math.round(dueAt)) }))
        : group;
    }
    if (!isReady) await onReady?.();
  }

  /** Reads everything and sends nothing: how many records, how long, how fast. */
  plan(): Promise<ReplayPlan> {
    const { stop } = this.#dependencies;
    const { speed = 1, perSecond } = this.#settings;
    const records = replayRecords(this.#input, this.#settings, this.#disorder, undefined, stop);
    return replayPlan(records, speed, perSecond);
  }

  #pacer(): Pacer<Timed> | undefined {
    const { speed = 1, perSecond } = this.#settings;
    if (!this.isPaced) return undefined;
    return perSecond === undefined ? (_, { dueMs }) => dueMs / speed : constantRate(perSecond);
  }
}

/** How a replay to a stream ended; see `DeliveryResult`. */
export interface ReplayResult extends DeliveryResult {
  readonly replay: ReplayFigures;
}

/** What a replay to a stream needs, and who is called while it goes on. */
export interface ReplayToStreamDependencies
  extends ReplayDependencies,
    Omit<Parameters<typeof deliver>[3], 'stop'> {
  /** Where the replay stands; it is written as receipts come, and once more at the end. */
  readonly checkpoint?: ReplayCheckpoint | undefined;
}

/**
 * Puts the transactions of files to a stream, each as long after the first as its event time says.
 *
 * With a checkpoint, what was acknowledged before is left out, and a crash loses nothing.
 */
export async function replay(
  input: Input,
  client: PutClient,
  {
    producer = {},
    ...settings
  }: ReplaySettings & { readonly producer?: Partial<ProducerSettings> },
  { checkpoint, onReceipts, onReady, ...dependencies }: ReplayToStreamDependencies,
): Promise<ReplayResult> {
  const own = { ...dependencies, ...(onReady && { onReady }) };
  const run = new Replay(input, settings, own, checkpoint);
  const result = await deliver(run.records(), client, producer, {
    ...dependencies,
    onReceipts: async (receipts: readonly Receipt[]) => {
      checkpoint?.settle(receipts);
      await onReceipts?.(receipts);
    },
  });
  let { failure } = result;
  try {
    await checkpoint?.close(failure === undefined);
  } catch (error) {
    failure ??= { error };
  }
  return { ...result, ...(failure && { failure }), replay: run.figures };
}
