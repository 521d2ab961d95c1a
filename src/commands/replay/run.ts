import type { Runtime } from '../../cli/runtime.ts';
import { FraudstreamError } from '../../errors.ts';
import { type ExitCode, exitCodes, strongest } from '../../exit-codes.ts';
import type { Recorded } from '../../files/recorded-transactions.ts';
import { movedTo, type Timed } from '../../files/replay/event-times.ts';
import { fingerprint, ReplayCheckpoint } from '../../files/replay/replay-checkpoint.ts';
import { replayPlan } from '../../files/replay/replay-plan.ts';
import {
  type Disorder,
  type ReplayRecordValues,
  replayRecords,
} from '../../files/replay/replay-records.ts';
import type { ProducerSettings } from '../../kinesis/producer/producer-settings.ts';
import { Punctuality } from '../../metrics/punctuality.ts';
import { pace, unpaced } from '../../pacing/pace.ts';
import { constantRate, type Pacer } from '../../pacing/pacer.ts';
import { begun } from '../../stream/begun.ts';
import { bytes, count, perSecond, span } from '../../text/format.ts';
import type { Due } from '../../transactions/user-record.ts';
import { AbortOnThreshold, type GuardValues } from '../shared/abort-on-threshold.ts';
import { withCheckpointLock } from '../shared/checkpoint-lock.ts';
import { type Input, type InputValues, openInput } from '../shared/input.ts';
import type { StreamValues } from '../shared/open-stream.ts';
import type { ProgressValues } from '../shared/progress.ts';
import { checkThresholds } from '../shared/thresholds.ts';
import { type ReportValues, writeReport } from '../shared/write-report.ts';
import { deliverTo, emptyFigures } from './delivery.ts';

/** What the flags say about going on after a crash. */
export interface ResumeValues {
  readonly checkpoint: string | undefined;
  readonly resume: boolean;
}

/**
 * The checkpoint of the flags, if there is to be one.
 *
 * Errors: `usage` for stdin, which cannot be read again; those of `ReplayCheckpoint.open`.
 */
export async function openReplayCheckpoint(
  input: Input,
  values: ResumeValues & ReplayRecordValues & InputValues & { readonly files: readonly string[] },
  runtime: Runtime,
): Promise<ReplayCheckpoint | undefined> {
  if (values.checkpoint === undefined) return undefined;
  if (values.files.includes('-')) {
    const message = 'stdin cannot be read again, so it needs no --checkpoint: name a file.';
    throw new FraudstreamError('usage', message);
  }
  // All that decides which records leave in which order.
  const { format, by, from, until, sort, sortWindow, limit, loop, timeShift } = values;
  const filter = values.filter.map(({ text }) => text);
  const settings = { format, by, from, until, sort, sortWindow, limit, loop, timeShift, filter };
  const { mapping, paths, dependencies } = input;
  const print = await fingerprint(paths, { ...settings, mapping }, dependencies);
  return ReplayCheckpoint.open(values.checkpoint, print, values.resume, runtime.clock);
}

/** Says from where a replay goes on, if it does. */
export async function tellResumed(
  { resumedAt, mayRepeat }: ReplayCheckpoint,
  { err }: Pick<Runtime, 'err'>,
): Promise<void> {
  if (resumedAt === 0 && mayRepeat === 0) return;
  const repeats =
    mayRepeat > 0 ? `; up to ${count(mayRepeat)} more may be in the stream twice` : '';
  await err.print(`Resuming: ${count(resumedAt)} records were acknowledged${repeats}`);
}

/** Everything that `replay` can be told. */
export interface ReplayValues
  extends InputValues,
    ReplayRecordValues,
    ResumeValues,
    GuardValues,
    StreamValues,
    ProgressValues,
    ReportValues {
  readonly files: readonly string[];
  readonly speed: number;
  readonly rate: number | undefined;
  readonly to: 'kinesis' | 'stdout' | 'score';
  readonly endpointName: string | undefined;
  readonly url: string | undefined;
  readonly capacity: number;
  readonly batchRows: number;
  readonly out: string | undefined;
  readonly dryRun: boolean;
  readonly producer: ProducerSettings;
}

/** One run of `replay`, its ends open. */
export interface Replay {
  readonly input: Input;
  readonly disorder: Disorder;
  readonly punctuality: Punctuality;
  readonly checkpoint: ReplayCheckpoint | undefined;
  readonly values: ReplayValues;
  readonly runtime: Runtime;
  readonly guard: AbortOnThreshold;
}

/** Files to stream: read, put in order, paced by event time, delivered, every outcome noted. */
export async function replay(values: ReplayValues, runtime: Runtime): Promise<ExitCode> {
  if (values.files.includes('-') && values.loop > 1) {
    throw new FraudstreamError(
      'usage',
      'stdin can be read only once: leave out --loop, or name a file.',
    );
  }
  checkThresholds(values.failIf, emptyFigures(values.to));
  const input = await openInput(
    values.files,
    { ...values, s3IdleTimeout: values.requestTimeout },
    runtime,
  );
  const disorder = { outOfOrder: 0, late: 0 };
  try {
    if (values.dryRun) return await planReplay(input, disorder, values, runtime);
    return await withCheckpointLock(values.checkpoint, runtime, () =>
      delivered(input, disorder, values, runtime),
    );
  } finally {
    await input.close();
  }
}

async function delivered(
  input: Input,
  disorder: Disorder,
  values: ReplayValues,
  runtime: Runtime,
): Promise<ExitCode> {
  const checkpoint = await openReplayCheckpoint(input, values, runtime);
  const punctuality = new Punctuality();
  const guard = new AbortOnThreshold(values, runtime);
  const parts = { input, disorder, punctuality, checkpoint, values };
  const run = { ...parts, guard, runtime: guard.runtime };
  const code = await deliverTo(values.to, run, due(run));
  return strongest(code, input.rejected() > 0 ? exitCodes.badData : exitCodes.ok);
}

/** The records when they are due; how punctual they leave is noted. */
async function* due(run: Replay): AsyncGenerator<readonly Due<Recorded>[], void, undefined> {
  const { input, disorder, punctuality, checkpoint, values, runtime } = run;
  const { clock, stop } = runtime;
  const records = await begun(replayRecords(input, values, disorder, checkpoint, stop));
  const pacer = pacerOf(values);
  const groups = pacer ? pace(records, pacer, clock, stop) : unpaced(records, clock, stop);
  const isNow = values.timeShift === 'now';
  let isResumeReported = false;
  for await (const group of groups) {
    // A checkpoint that claims more records than the input has is refused before its first group.
    if (checkpoint && !isResumeReported) await tellResumed(checkpoint, runtime);
    isResumeReported = true;
    if (pacer) punctuality.add(group, clock.now());
    yield isNow
      ? group.map(({ dueAt, record }) => ({ dueAt, record: movedTo(record, Math.round(dueAt)) }))
      : group;
  }
  if (checkpoint && !isResumeReported) await tellResumed(checkpoint, runtime);
}

/** When a record is due; nothing says so for one that leaves as fast as it goes. */
function pacerOf({ speed, rate }: ReplayValues): Pacer<Timed> | undefined {
  if (rate !== undefined) return Number.isFinite(rate) ? constantRate(rate) : undefined;
  return Number.isFinite(speed) ? (_, { dueMs }) => dueMs / speed : undefined;
}

/** Reads everything and sends nothing: how many, how long, how fast. */
export async function planReplay(
  input: Input,
  disorder: Disorder,
  values: ReplayValues,
  runtime: Runtime,
): Promise<ExitCode> {
  const records = replayRecords(input, values, disorder, undefined, runtime.stop);
  const plan = await replayPlan(records, values.speed, values.rate);
  const bad = input.rejected();
  const instant = (atMs: number | undefined) =>
    atMs === undefined ? null : new Date(atMs).toISOString();
  const [first, last] = [instant(plan.firstAt), instant(plan.lastAt)];
  const isPaced = Number.isFinite(values.rate ?? values.speed);
  const duration = isPaced ? span(plan.expectedMs) : 'as fast as it goes';
  const text = [
    `Would replay ${input.paths.join(', ')}; nothing was sent`,
    `  Records          ${count(plan.records)} of ${bytes(plan.bytes)} in all, ${count(bad)} bad lines`,
    `  ${values.by === 'arrival' ? 'Arrival   ' : 'Event time'}       ${first ?? 'none'} to ${last ?? 'none'}, ${span(plan.spanMs)}`,
    `  Order            ${count(disorder.outOfOrder)} records not in that order`,
    `  Duration         ${duration}`,
    ...(isPaced ? [`  Peak             ${perSecond(plan.peakPerSecond)}`] : []),
  ];
  const { firstAt: _, lastAt: __, expectedMs, peakPerSecond, ...rest } = plan;
  const paced = isPaced && { expectedMs, peakPerSecond };
  const figures = { ...rest, firstEventTime: first, lastEventTime: last, ...paced, ...disorder };
  const source = { input: input.paths.join(', '), rejectedLines: bad };
  const saved = await writeReport('replay', { source, plan: figures }, text, values, runtime);
  return strongest(bad > 0 ? exitCodes.badData : exitCodes.ok, saved);
}
