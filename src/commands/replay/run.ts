import type { Runtime } from '../../cli/runtime.ts';
import { FraudstreamError } from '../../errors.ts';
import { type ExitCode, exitCodes, strongest } from '../../exit-codes.ts';
import type { Input } from '../../files/input.ts';
import { openReplayCheckpoint, Replay, type ReplaySettings } from '../../files/replay/replay.ts';
import type { ReplayCheckpoint } from '../../files/replay/replay-checkpoint.ts';
import { withCheckpointLock } from '../shared/checkpoint-lock.ts';
import { checkTransactions, printNotes, transactionsOf } from '../shared/contract.ts';
import { inputOf } from '../shared/input.ts';
import { checkThresholds, thresholdsOf } from '../shared/thresholds.ts';
import { deliverTo, emptyFigures } from './delivery.ts';
import type { ReplayValues } from './flags.ts';
import { reportPlan } from './report.ts';

/** Replays files to a stream, to stdout, or to a scoring endpoint, and reports. */
export async function replay(values: ReplayValues, runtime: Runtime): Promise<ExitCode> {
  const { files, loop, to, requestTimeout: s3IdleTimeout } = values;
  if (files.includes('-') && loop > 1) {
    const message = 'stdin can be read only once: leave out --loop, or name a file.';
    throw new FraudstreamError('usage', message);
  }
  checkThresholds(thresholdsOf(values), () => emptyFigures(to));
  const contract = await transactionsOf(values);
  await printNotes(contract, values, runtime);
  if (values.filter.length > 0) checkTransactions(contract, '--filter');
  const input = await inputOf(files, { ...values, s3IdleTimeout }, runtime);
  const settings = settingsOf(values);
  try {
    if (values.dryRun) {
      const run = new Replay(input, settings, runtime);
      return await reportPlan(await run.plan(), run, input, values, runtime);
    }
    return await withCheckpointLock(values.checkpoint, runtime, async () => {
      const checkpoint = await checkpointOf(input, settings, values, runtime);
      const code = await deliverTo(to, { input, settings, checkpoint, values }, runtime);
      return strongest(code, input.rejected() > 0 ? exitCodes.badData : exitCodes.ok);
    });
  } finally {
    await input.close();
  }
}

/** The flags as the replay takes them. */
function settingsOf(values: ReplayValues): ReplaySettings {
  const { by, speed, rate, sort, sortWindow, from, until, filter, count: limit, loop } = values;
  const { maxGap: maxGapMs, timeShift } = values;
  const records = { by, sort, sortWindowMs: sortWindow, from, until, filter, limit, loop };
  return { ...records, maxGapMs, timeShift, speed, perSecond: rate };
}

/** The checkpoint of the flags, where they name one. Errors: `usage` for stdin. */
async function checkpointOf(
  input: Input,
  settings: ReplaySettings,
  { checkpoint: path, resume: isResumed, files }: ReplayValues,
  { clock }: Runtime,
): Promise<ReplayCheckpoint | undefined> {
  if (path === undefined) return undefined;
  if (files.includes('-')) {
    const message = 'stdin cannot be read again, so it needs no --checkpoint: name a file.';
    throw new FraudstreamError('usage', message);
  }
  return openReplayCheckpoint({ path, isResumed }, input, settings, clock);
}
