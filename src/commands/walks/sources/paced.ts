import { pace, unpaced } from '../../../pacing/pace.ts';
import { constantRate, jitteredRate, type Pacer, until } from '../../../pacing/pacer.ts';
import { areaUnder, type Stage, stages } from '../../../pacing/stages.ts';
import type { Due } from '../../../records/due.ts';
import { begun, PRACTICE } from '../../../stream/begun.ts';
import { take } from '../../../stream/take.ts';
import type { Outside } from '../../outside.ts';

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
  { clock, stop }: Pick<Outside, 'clock' | 'stop'>,
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
