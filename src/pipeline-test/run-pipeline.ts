import type { RejectContract, VerdictContract } from '../contract/verdicts-contract.ts';
import { type ProducerSettings, producerDefaults } from '../kinesis/producer/producer-settings.ts';
import { put } from '../kinesis/producer/put.ts';
import type { Match } from '../metrics/match.ts';
import type { Costs } from '../metrics/quality.ts';
import type { SessionSummary } from '../metrics/session-summary.ts';
import {
  isScheduled,
  type PaceSettings,
  paced,
  plannedCount,
  ready,
} from '../pacing/pace-settings.ts';
import type { Sourced } from '../scoring/candidates.ts';
import type { Clock } from '../stream/clock.ts';
import { transactionIn } from '../transactions/transaction.ts';
import type { Due } from '../transactions/user-record.ts';
import { observeDepartures, ProducerBacklog } from './departures.ts';
import type { PipelineGroundTruth } from './ground-truth.ts';
import { type LoadMeter, sampleLoad } from './load-sampler.ts';
import type { OfflineModel } from './offline-model.ts';
import type { Pipeline } from './pipeline.ts';
import { Session, type SessionSettings } from './session.ts';
import { type Readers, startReaders } from './verdict-readers.ts';

/** How a pipeline is driven, and what it is judged by. Times are in milliseconds. */
export interface PipelineTestSettings {
  readonly pace: PaceSettings;
  readonly producer: ProducerSettings;
  /** The beginning is left out of latencies. */
  readonly warmUpMs: number;
  /** From the put, a verdict is late after this. */
  readonly lateAfterMs: number;
  /** The longest that verdicts are waited for after the last put. */
  readonly drainMs: number;
  /** How long reading goes on after the last verdict, for verdicts that come twice. */
  readonly listenOnMs: number;
  /** A transaction is remembered for so long: bounds the memory of a long run. */
  readonly forgetAfterMs: number;
  /** The score from which a transaction counts as fraud; that of the first verdict unless given. */
  readonly threshold?: number | undefined;
  readonly costs: Costs;
  /** Scores that differ by more are skewed. */
  readonly parityTolerance: number;
  /**
   * Processes that drive this pipeline at the same time, this one included.
   *
   * They share the reads that Kinesis allows, and verdicts about the transactions of others are no fault.
   */
  readonly drivers: number;
  /** What is known of the transactions; without it the quality of scores is not judged. */
  readonly groundTruth?:
    | (Pick<PipelineGroundTruth, 'of'> & Partial<Pick<PipelineGroundTruth, 'takeReported'>>)
    | undefined;
  /** A model with which the scores of verdicts are compared. */
  readonly offlineModel?: OfflineModel | undefined;
  /** The forms of verdicts and dead letters where they are not ours. */
  readonly verdictForm?: VerdictContract | undefined;
  readonly rejectForm?: RejectContract | undefined;
}

/** As `fraudstream run` drives and judges unless its flags say otherwise. */
export const pipelineTestDefaults: PipelineTestSettings = {
  pace: { perSecond: 1_000 },
  producer: { ...producerDefaults, isOrdered: true },
  warmUpMs: 1_000,
  lateAfterMs: 10_000,
  drainMs: 30_000,
  listenOnMs: 1_000,
  forgetAfterMs: 900_000,
  costs: { missedFraud: 100, falseAlarm: 1 },
  parityTolerance: 1e-6,
  drivers: 1,
};

/**
 * What a run needs from outside, and who wants to know of it.
 *
 * `stop` ends the run early: nothing more is put, what is under way is waited for.
 * `onSession` is called once, before anything is read or put, with the state that the run changes;
 * the run goes on when it resolves. `onStart` is called when everything is ready and the first record
 * may leave; `onMatch` for each transaction with its first verdict.
 */
export interface PipelineTestDependencies {
  readonly clock: Clock;
  readonly random: () => number;
  readonly meter: () => LoadMeter;
  readonly stop: AbortSignal;
  readonly onSession?: (session: Session) => Promise<void> | void;
  readonly onStart?: (now: number) => void;
  readonly onMatch?: (match: Match) => void;
}

/** What was asked of the pipeline, and what was put. Rates in records a second. */
export interface RateSummary {
  /** NaN where records leave as fast as they are taken. */
  readonly targetPerSecond: number;
  readonly achievedPerSecond: number;
  readonly dropped: number;
  /** Records that left late because of this machine. */
  readonly late: number;
}

/** The figures of a run, as `fraudstream run` writes them into its report. */
export interface PipelineTestReport extends SessionSummary {
  readonly rates: RateSummary;
}

/** How a run ended. */
export interface PipelineTestResult {
  /** When the first record could leave, in epoch milliseconds; NaN where the run broke before. */
  readonly startedAt: number;
  readonly report: PipelineTestReport;
  /** What broke the run before its end; the report has what was counted until then. */
  readonly failure: { readonly error: unknown } | undefined;
}

/**
 * Drives a pipeline end to end and judges it: what `fraudstream run` does.
 *
 * Starts to read verdicts and dead letters, puts the records at their pace, matches each verdict with
 * its transaction by id, waits for what is still under way, and gives the figures. Neither closes
 * the pipeline nor the source.
 *
 * Conservation: sent = matched + late + unscored + rejected + undelivered + missing, or of alerts only + silent.
 * Errors: none is thrown once the session has begun; see `failure` of the result.
 */
export async function runPipeline(
  records: Iterable<readonly Sourced[]> | AsyncIterable<readonly Sourced[]>,
  pipeline: Pipeline,
  settings: PipelineTestSettings,
  dependencies: PipelineTestDependencies,
): Promise<PipelineTestResult> {
  const { clock, onMatch, onSession } = dependencies;
  const judged = sessionSettings(settings);
  const session = new Session(
    { ...judged, isOrdered: judged.isOrdered && pipeline.verdicts.isOrdered },
    onMatch,
  );
  await onSession?.(session);
  const failure = await drive({ records, pipeline, session, settings, dependencies });
  const summary = session.summary(clock.now());
  const report = { ...summary, rates: ratesOf(summary, settings.pace) };
  return { startedAt: session.startedAt, report, failure };
}

/** What a session is judged by when a pipeline is run with these settings. */
export function sessionSettings(settings: PipelineTestSettings): SessionSettings {
  return {
    lateAfterMs: settings.lateAfterMs,
    forgetAfterMs: settings.forgetAfterMs,
    isOrdered: settings.producer.isOrdered,
    isAlone: settings.drivers === 1,
    isAlertsOnly: settings.verdictForm?.emits === 'frauds',
    checks: settings.verdictForm?.checks ?? [],
    warmUpMs: settings.warmUpMs,
    threshold: settings.threshold,
    parityTolerance: settings.parityTolerance,
    costs: settings.costs,
    isPaced: isScheduled(settings.pace),
    stages: settings.pace.stages,
  };
}

function ratesOf({ delivery, generator }: SessionSummary, pace: PaceSettings): RateSummary {
  const { perSecond, stages } = pace;
  const planned = plannedCount(pace);
  const endMs = stages?.at(-1)?.atMs;
  const isStaged = endMs !== undefined && planned !== undefined;
  const target = isStaged ? (1000 * planned) / endMs : perSecond;
  return {
    targetPerSecond: Number.isFinite(target) ? target : Number.NaN,
    achievedPerSecond: delivery.recordsPerSecond,
    dropped: 0,
    late: generator.late,
  };
}

/** The parts of one run. */
interface Drive {
  readonly records: Iterable<readonly Sourced[]> | AsyncIterable<readonly Sourced[]>;
  readonly pipeline: Pipeline;
  readonly session: Session;
  readonly settings: PipelineTestSettings;
  readonly dependencies: PipelineTestDependencies;
}

/** A record, and the score that the offline model gives it; NaN without a model. */
interface ExpectedRecord {
  readonly record: Sourced;
  readonly expected: number;
}

const DRAIN_POLL_MS = 20;
/** Records whose scores are computed at once, before they are due. */
const SLICE = 100;

/** Reads first, then puts, then waits for what is under way; gives what broke it. */
async function drive(drive: Drive): Promise<PipelineTestResult['failure']> {
  const { pipeline, session, settings, dependencies } = drive;
  const { clock, stop, onStart } = dependencies;
  const load = sampleLoad(session, dependencies);
  const { offlineModel, drivers, verdictForm, rejectForm } = settings;
  const reading = { offlineModel, drivers, verdictForm, rejectForm };
  let readers: Readers | undefined;
  let failure: PipelineTestResult['failure'];
  try {
    readers = await startReaders(pipeline, session, reading, { clock, stop });
    const records = await Promise.race([ready(expected(drive), settings.pace), readers.failed]);
    const now = clock.now();
    session.start(now);
    onStart?.(now);
    load.begin();
    await Promise.race([putAll(drive, records), readers.failed]);
    session.putEnded(clock.now());
    load.end();
    await Promise.race([drained(drive), readers.failed]);
  } catch (error) {
    failure = { error };
  }
  await readers?.stop();
  load.stop();
  session.close();
  return failure;
}

async function putAll(
  { pipeline, session, settings, dependencies }: Drive,
  records: AsyncIterable<readonly ExpectedRecord[]>,
): Promise<void> {
  const { clock, random, stop } = dependencies;
  const { producer, groundTruth } = settings;
  const backlog = new ProducerBacklog(producer);
  const observer = {
    left: (group: readonly Due<Sourced>[], now: number): void => session.left(group, now),
    isFull: (): boolean => backlog.isNearlyFull,
    addBlocked: (ms: number): void => session.addBlocked(ms),
  };
  /** The records as they leave: noted before the producer has them. */
  async function* sent(): AsyncGenerator<readonly Due<Sourced>[], void, undefined> {
    for await (const group of paced(records, settings.pace, { clock, stop })) {
      const now = clock.now();
      for (const { dueAt, record: each } of group) {
        const { record, expected } = each;
        const { id, partitionKey: cardId } = record;
        const country = record.isForeign ? record.merchantCountry : merchantCountry(record.data);
        const truth = groundTruth?.of(record) ?? { isFraud: undefined, scenario: undefined };
        session.sent({ id, cardId, dueAt, expected, country, ...truth }, now);
      }
      const leaving = group.map(({ dueAt, record: { record } }) => ({ dueAt, record }));
      backlog.add(leaving);
      yield leaving;
    }
  }
  const leaving = observeDepartures(sent(), observer, clock);
  const observe = session.addRequest.bind(session);
  const receipts = put(leaving, pipeline.input, { clock, random, stop, observe }, producer);
  for await (const group of receipts) {
    backlog.remove(group);
    session.acknowledged(group);
  }
}

/** The records, with the scores they should get. Reported frauds are learnt on both sides before they leave. */
async function* expected(drive: Drive): AsyncGenerator<readonly ExpectedRecord[], void, undefined> {
  const { records } = drive;
  const { offlineModel } = drive.settings;
  // Those of one instant leave by their ids, the order in which the offline model takes them.
  for await (const group of offlineModel ? wholeInstants(records) : records) {
    for (let from = 0, end = 0; from < group.length; from = end) {
      end = offlineModel ? endOfInstant(group, from + SLICE) : from + SLICE;
      const slice = group.slice(from, end);
      await learnReported(slice, drive);
      const scores = offlineModel?.expected(slice);
      yield slice.map((record, index) => ({ record, expected: scores?.[index] ?? Number.NaN }));
    }
  }
}

/** The engine and the offline model take the labels that were not taken yet, where the engine takes any. */
async function learnReported(
  records: readonly Sourced[],
  { pipeline, settings: { groundTruth, offlineModel } }: Drive,
): Promise<void> {
  const frauds = groundTruth?.takeReported?.(records) ?? [];
  if (!pipeline.learn || frauds.length === 0) return;
  await pipeline.learn(frauds);
  offlineModel?.learn?.(frauds);
}

/** The same records in groups that never end between two of one instant; those of one instant by their ids. */
async function* wholeInstants(
  groups: Drive['records'],
): AsyncGenerator<readonly Sourced[], void, undefined> {
  let last: readonly Sourced[] = [];
  for await (const group of groups) {
    const all = [...last, ...group];
    let cut = all.length - 1;
    while (cut > 0 && isSameInstant(all[cut - 1], all[cut])) cut -= 1;
    if (cut > 0) yield byId(all.slice(0, cut));
    last = all.slice(Math.max(cut, 0));
  }
  if (last.length > 0) yield byId(last);
}

/** As they stand, but neighbours of one instant by their ids. */
function byId(records: readonly Sourced[]): readonly Sourced[] {
  const ordered: Sourced[] = [];
  for (let from = 0, end = 0; from < records.length; from = end) {
    end = endOfInstant(records, from + 1);
    const instant = records.slice(from, end);
    if (instant.length > 1) instant.sort((a, b) => (a.id < b.id ? -1 : 1));
    ordered.push(...instant);
  }
  return ordered;
}

/** The first index from `from` on at which another instant begins. */
function endOfInstant(group: readonly Sourced[], from: number): number {
  let end = Math.min(from, group.length);
  while (end < group.length && isSameInstant(group[end - 1], group[end])) end += 1;
  return end;
}

function isSameInstant(one: Sourced | undefined, other: Sourced | undefined): boolean {
  if (!one || !other) return false;
  return transactionIn(one).event_time === transactionIn(other).event_time;
}

const COUNTRY = Buffer.from('"merchant_country":"');

/** The country of a transaction's merchant, found without reading all of its JSON. */
function merchantCountry(data: Uint8Array): string | undefined {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  const at = bytes.indexOf(COUNTRY);
  return at < 0
    ? undefined
    : bytes.toString('latin1', at + COUNTRY.length, at + COUNTRY.length + 2);
}

/** Waits until nothing is outstanding and nothing more comes, or until the time for it is over. */
async function drained({ session, settings, dependencies: { clock } }: Drive): Promise<void> {
  const { drainMs, listenOnMs } = settings;
  const endAt = clock.now() + drainMs;
  while (session.outstanding > 0 && clock.now() < endAt) await clock.sleep(DRAIN_POLL_MS);
  const startedAt = clock.now();
  const lastAt = (): number => Math.max(startedAt, session.lastVerdictAt || 0);
  while (clock.now() < Math.min(lastAt() + listenOnMs, endAt + listenOnMs)) {
    await clock.sleep(DRAIN_POLL_MS);
  }
}
