import { type ExitCode, exitCodes, strongest } from '../../exit-codes.ts';
import type { Recorded } from '../../files/recorded.ts';
import type { ReplayCheckpoint } from '../../files/replay/replay-checkpoint.ts';
import { movedTo } from '../../files/replay/rewritten.ts';
import type { Timed } from '../../files/replay/timed.ts';
import { FraudstreamError } from '../../fraudstream-error.ts';
import type { ProducerSettings } from '../../kinesis/producer/producer-settings.ts';
import { pace, unpaced } from '../../pacing/pace.ts';
import { constantRate, type Pacer } from '../../pacing/pacer.ts';
import type { Due } from '../../records/due.ts';
import { Punctuality } from '../../reporting/punctuality.ts';
import { begun } from '../../stream/begun.ts';
import type { Outside } from '../outside.ts';
import { withCheckpointLock } from './reading/checkpoint-lock.ts';
import { type Disorder, type RecordValues, replayRecords } from './replaying/chosen-records.ts';
import { deliverTo, emptyFigures } from './replaying/delivery.ts';
import { planReplay } from './replaying/dry-run.ts';
import { openReplayCheckpoint, type ResumeValues, tellResumed } from './replaying/resume.ts';
import type { ProgressValues } from './reports/delivery-progress.ts';
import { Guard, type GuardValues } from './reports/guard.ts';
import { checkLimits } from './reports/limits.ts';
import type { ReportValues } from './reports/report.ts';
import { type Input, type InputValues, openInput } from './sources/input.ts';
import type { StreamValues } from './sources/stream.ts';

/** Everything that `replay` can be told. */
export interface ReplayValues
  extends InputValues,
    RecordValues,
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
  readonly outside: Outside;
  readonly guard: Guard;
}

/** Files to stream: read, put in order, paced by event time, delivered, every outcome noted. */
export async function replay(values: ReplayValues, outside: Outside): Promise<ExitCode> {
  if (values.files.includes('-') && values.loop > 1) {
    throw new FraudstreamError(
      'usage',
      'stdin can be read only once: leave out --loop, or name a file.',
    );
  }
  checkLimits(values.failIf, emptyFigures(values.to));
  const input = await openInput(
    values.files,
    { ...values, s3IdleTimeout: values.requestTimeout },
    outside,
  );
  const disorder = { outOfOrder: 0, late: 0 };
  try {
    if (values.dryRun) return await planReplay(input, disorder, values, outside);
    return await withCheckpointLock(values.checkpoint, outside, () =>
      delivered(input, disorder, values, outside),
    );
  } finally {
    await input.close();
  }
}

async function delivered(
  input: Input,
  disorder: Disorder,
  values: ReplayValues,
  outside: Outside,
): Promise<ExitCode> {
  const checkpoint = await openReplayCheckpoint(input, values, outside);
  const punctuality = new Punctuality();
  const guard = new Guard(values, outside);
  const parts = { input, disorder, punctuality, checkpoint, values };
  const run = { ...parts, guard, outside: guard.outside };
  const code = await deliverTo(values.to, run, due(run));
  return strongest(code, input.rejected() > 0 ? exitCodes.badData : exitCodes.held);
}

/** The records when they are due; how punctual they leave is noted. */
async function* due(run: Replay): AsyncGenerator<readonly Due<Recorded>[], void, undefined> {
  const { input, disorder, punctuality, checkpoint, values, outside } = run;
  const { clock, stop } = outside;
  const records = await begun(replayRecords(input, values, disorder, checkpoint, stop));
  // A checkpoint that says more than is true has been found out by now.
  if (checkpoint) await tellResumed(checkpoint, outside);
  const pacer = pacerOf(values);
  const groups = pacer ? pace(records, pacer, clock, stop) : unpaced(records, clock, stop);
  const isNow = values.timeShift === 'now';
  for await (const group of groups) {
    if (pacer) punctuality.add(group, clock.now());
    yield isNow
      ? group.map(({ dueAt, record }) => ({ dueAt, record: movedTo(record, Math.round(dueAt)) }))
      : group;
  }
}

/** When a record is due; nothing says so for one that leaves as fast as it goes. */
function pacerOf({ speed, rate }: ReplayValues): Pacer<Timed> | undefined {
  if (rate !== undefined) return Number.isFinite(rate) ? constantRate(rate) : undefined;
  return Number.isFinite(speed) ? (_, { dueMs }) => dueMs / speed : undefined;
}
