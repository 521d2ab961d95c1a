import { type ExitCode, exitCodes, strongest } from '../../../exit-codes.ts';
import { replayPlan } from '../../../files/replay/replay-plan.ts';
import { bytes, count, perSecond, span } from '../../../reporting/format.ts';
import type { Outside } from '../../outside.ts';
import type { ReplayValues } from '../replay.ts';
import { writeReport } from '../reports/report.ts';
import type { Input } from '../sources/input.ts';
import { type Disorder, replayRecords } from './chosen-records.ts';

/** Reads everything and sends nothing: how many, how long, how fast. */
export async function planReplay(
  input: Input,
  disorder: Disorder,
  values: ReplayValues,
  outside: Outside,
): Promise<ExitCode> {
  const records = replayRecords(input, values, disorder, undefined, outside.stop);
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
  const saved = await writeReport('replay', { source, plan: figures }, text, values, outside);
  return strongest(bad > 0 ? exitCodes.badData : exitCodes.held, saved);
}
