import type { Runtime } from '../../cli/runtime.ts';
import type { BadLine } from '../../files/reading/row.ts';
import type { InputSettings, Recorded } from '../../files/recorded-transactions.ts';
import { userRecords } from '../../generators/user-records.ts';
import { pace, unpaced } from '../../pacing/pace.ts';
import {
  areaUnder,
  constantRate,
  jitteredRate,
  type Pacer,
  type Stage,
  stages,
  until,
} from '../../pacing/pacer.ts';
import { take } from '../../stream/async-iterables.ts';
import { begun, PRACTICE } from '../../stream/begun.ts';
import type { Label } from '../../transactions/label.ts';
import type { Due, UserRecord } from '../../transactions/user-record.ts';
import { type InputValues, openInput } from './input.ts';
import { madeWorld, type WorldValues } from './world.ts';

/** What the flags say about where records come from. */
export interface RecordSourceValues extends WorldValues, InputValues {
  readonly input: readonly string[];
}

/** Records to be put, and what is known of their origin. `rejected` counts bad lines so far. */
export interface RecordSource {
  readonly groups: Iterable<readonly UserRecord[]> | AsyncIterable<readonly Recorded[]>;
  readonly origin: { readonly seed: number; readonly world?: string } | { readonly input: string };
  rejected(): number;
  close(): Promise<void>;
}

/** Who hears of generated frauds, before the group that holds them, and of bad lines, and what they ask. */
export interface Listeners {
  readonly tell?: (fraud: Label) => void;
  readonly reject?: (bad: BadLine) => void;
  /** Says what a transaction of a file misses, which makes its line a bad one. */
  readonly missing?: InputSettings['missing'];
  /** How many generated transactions come at once. */
  readonly groupSize?: number | undefined;
}

/** Making so many transactions takes some 20 us, for which answers and what is due have to wait. */
export const PACED_GROUP_SIZE = 4;

/** The source of the flags: a generated world, or files of transactions. */
export async function openRecordSource(
  values: RecordSourceValues,
  runtime: Runtime,
  { tell, reject, missing, groupSize }: Listeners = {},
): Promise<RecordSource> {
  if (values.input.length > 0) {
    const input = await openInput(values.input, values, runtime, reject, missing);
    const origin = { input: input.paths.join(', ') };
    return { groups: input.read(), origin, rejected: input.rejected, close: input.close };
  }
  const { made, seed, file } = await madeWorld(values, runtime);
  const close = async (): Promise<void> => undefined;
  const origin = { seed, ...(file !== undefined && { world: file }) };
  return { groups: userRecords(made, tell, groupSize), origin, rejected: () => 0, close };
}

/** What the flags say about when records leave, and how many. `rate` may be infinite. */
export interface PaceValues {
  readonly rate: number;
  readonly stages: readonly Stage[] | undefined;
  readonly count: number | undefined;
  readonly duration: number | undefined;
  /** Random numbers from 0 to 1: with them each record is due at random within its interval. */
  readonly jitter?: () => number;
}

/** The records when they are due, until the count, the duration or the stages end, or a signal. */
export function paced<T>(
  groups: Iterable<readonly T[]> | AsyncIterable<readonly T[]>,
  { rate, stages: points, count, duration, jitter }: PaceValues,
  { clock, stop }: Pick<Runtime, 'clock' | 'stop'>,
): AsyncGenerator<readonly Due<T>[], void, undefined> {
  const counted = count === undefined ? groups : take(groups, count);
  if (!points && rate === Number.POSITIVE_INFINITY) return unpaced(counted, clock, stop, duration);
  const steady = jitter ? jitteredRate(rate, jitter) : constantRate(rate);
  const pacer: Pacer<unknown> = points ? stages(points) : steady;
  return pace(counted, duration === undefined ? pacer : until(pacer, duration), clock, stop);
}

/**
 * The records of a source that is ready: the time of the run may count from here.
 *
 * So many are read ahead that the code which makes them has been compiled, but none that will not leave.
 */
export function ready<T>(
  groups: Iterable<readonly T[]> | AsyncIterable<readonly T[]>,
  values: PaceValues,
): Promise<AsyncIterable<readonly T[]>> {
  return begun(groups, Math.min(PRACTICE, plannedCount(values) ?? PRACTICE));
}

/** How many records a run will have at most; `undefined` when nobody knows. */
export function plannedCount(values: PaceValues): number | undefined {
  const { rate, stages: points, count = Number.POSITIVE_INFINITY, duration } = values;
  const inTime = points
    ? areaUnder(points)
    : (rate * (duration ?? Number.POSITIVE_INFINITY)) / 1000;
  const least = Math.min(count, inTime);
  return Number.isFinite(least) ? Math.ceil(least) : undefined;
}

/** The highest rate of the run, in records a second; infinite for as fast as it goes. */
export function peakRate({ rate, stages: points }: PaceValues): number {
  return points ? Math.max(...points.map((point) => point.perSecond)) : rate;
}
