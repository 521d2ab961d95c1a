import type { Runtime } from '../../cli/runtime.ts';
import { type ExitCode, exitCodes, strongest } from '../../exit-codes.ts';
import type { Input } from '../../files/input.ts';
import type {
  Replay,
  ReplayFigures,
  ReplayResult,
  ReplaySettings,
} from '../../files/replay/replay.ts';
import type { ReplayCheckpoint } from '../../files/replay/replay-checkpoint.ts';
import type { ReplayPlan } from '../../files/replay/replay-plan.ts';
import { deliveryText } from '../../report/text/delivery-text.ts';
import { bytes, count, perSecond, span } from '../../text/format.ts';
import type { OpenStream } from '../shared/open-stream.ts';
import { brokenBy, writeReport } from '../shared/write-report.ts';
import type { ReplayValues } from './flags.ts';

/** What is replayed, and how. */
export interface ReplayRun {
  readonly input: Input;
  readonly settings: ReplaySettings;
  readonly checkpoint: ReplayCheckpoint | undefined;
  readonly values: ReplayValues;
}

const times = { 'event-time': 'event time', arrival: 'arrival' };

/** Prints from where a replay goes on, if it does. */
export async function printResumed(
  checkpoint: ReplayCheckpoint | undefined,
  { err }: Pick<Runtime, 'err'>,
): Promise<void> {
  const { resumedAt = 0, mayRepeat = 0 } = checkpoint ?? {};
  if (resumedAt === 0 && mayRepeat === 0) return;
  const repeats =
    mayRepeat > 0 ? `; up to ${count(mayRepeat)} more may be in the stream twice` : '';
  await err.print(`Resuming: ${count(resumedAt)} records were acknowledged${repeats}`);
}

/** Reports a replay to a stream; one that broke before its first record has no report. */
export async function reportDelivery(
  { startedAt, delivery, series, failure, replay }: ReplayResult,
  { name, place }: OpenStream,
  run: ReplayRun,
  runtime: Runtime,
): Promise<ExitCode> {
  if (failure && delivery.sent === 0) return exitCodes.ok;
  const figures = {
    startedAt: new Date(startedAt).toISOString(),
    ...(failure && { endedBy: brokenBy(failure.error) }),
    ...replayFigures(replay, run),
    delivery,
    series,
  };
  const title = `Replayed ${run.input.paths.join(', ')} to ${name} (${place})`;
  const text = [title, ...replayText(replay, run), ...deliveryText(delivery)];
  return writeReport('replay', figures, text, run.values, runtime);
}

/** Reports a replay to stdout, on stderr. */
export function reportWritten(
  { written, durationSeconds }: { readonly written: number; readonly durationSeconds: number },
  replay: ReplayFigures,
  run: ReplayRun,
  runtime: Runtime,
): Promise<ExitCode> {
  const figures = { ...replayFigures(replay, run), written, durationSeconds };
  const title = `Replayed ${run.input.paths.join(', ')} to stdout: ${count(written)} records in ${span(durationSeconds * 1000)}`;
  const text = [title, ...replayText(replay, run)];
  return writeReport('replay', figures, text, { ...run.values, output: 'ndjson' }, runtime);
}

/** What every report of a replay has: its source, its order, its timing. */
export function replayFigures(
  { outOfOrder, late, punctuality }: ReplayFigures,
  { input, checkpoint }: ReplayRun,
): object {
  const resumed = checkpoint && {
    acknowledgedBefore: checkpoint.resumedAt,
    mayRepeat: checkpoint.mayRepeat,
  };
  const source = { input: input.paths.join(', '), ...input.figures() };
  return { source, outOfOrder, late, ...(resumed && { resumed }), punctuality };
}

/** The same as text, where there is something to say. */
export function replayText(
  { outOfOrder, late, rejectedLines, punctuality }: ReplayFigures,
  { values }: ReplayRun,
): readonly string[] {
  const { count: paced, p99Ms, maxMs } = punctuality;
  const hint = values.sort || values.sortWindow !== undefined ? '' : ': --sort puts them in order';
  return [
    ...(paced > 0 ? [`  Timing error     p99 ${span(p99Ms)}, max ${span(maxMs)}`] : []),
    ...(rejectedLines > 0
      ? [`  ${count(rejectedLines)} bad lines of the input were not sent`]
      : []),
    ...(outOfOrder > 0
      ? [`  ${count(outOfOrder)} records were not ordered by ${times[values.by]}${hint}`]
      : []),
    ...(late > 0 ? [`  ${count(late)} records were too late for --sort-window`] : []),
  ];
}

/** Reports what a replay would do: how many records, how long, how fast. */
export async function reportPlan(
  plan: ReplayPlan,
  replay: Replay,
  { paths }: Input,
  values: ReplayValues,
  runtime: Runtime,
): Promise<ExitCode> {
  const { outOfOrder, late, rejectedLines } = replay.figures;
  const { firstAt, lastAt, expectedMs, peakPerSecond, ...rest } = plan;
  const [first, last] = [instantText(firstAt), instantText(lastAt)];
  const { isPaced } = replay;
  const text = [
    `Would replay ${paths.join(', ')}; nothing was sent`,
    `  Records          ${count(plan.records)} of ${bytes(plan.bytes)} in all, ${count(rejectedLines)} bad lines`,
    `  ${values.by === 'arrival' ? 'Arrival   ' : 'Event time'}       ${first ?? 'none'} to ${last ?? 'none'}, ${span(plan.spanMs)}`,
    `  Order            ${count(outOfOrder)} records not in that order`,
    `  Duration         ${isPaced ? span(expectedMs) : 'as fast as possible'}`,
    ...(isPaced ? [`  Peak             ${perSecond(peakPerSecond)}`] : []),
  ];
  const paced = isPaced && { expectedMs, peakPerSecond };
  const planned = { ...rest, firstEventTime: first, lastEventTime: last, ...paced };
  const source = { input: paths.join(', '), rejectedLines };
  const figures = { source, plan: { ...planned, outOfOrder, late } };
  const saved = await writeReport('replay', figures, text, values, runtime);
  return strongest(rejectedLines > 0 ? exitCodes.badData : exitCodes.ok, saved);
}

function instantText(atMs: number | undefined): string | null {
  return atMs === undefined ? null : new Date(atMs).toISOString();
}
