import { take } from '../stream/async-iterables.ts';
import { begun, PRACTICE } from '../stream/begun.ts';
import type { Clock } from '../stream/clock.ts';
import type { Due } from '../transactions/user-record.ts';
import { pace, unpaced } from './pace.ts';
import {
  areaUnder,
  constantRate,
  jitteredRate,
  type Pacer,
  type Stage,
  stages,
  until,
} from './pacer.ts';

/**
 * When records leave, and how many.
 *
 * `perSecond` may be infinite: as fast as they are taken. `stages` replace it. The run ends at
 * whichever comes first of `count`, `durationMs` and the last stage.
 */
export interface PaceSettings {
  readonly perSecond: number;
  readonly stages?: readonly Stage[] | undefined;
  readonly count?: number | undefined;
  readonly durationMs?: number | undefined;
  /** Random numbers from 0 to 1: with them each record is due at random within its interval. */
  readonly jitter?: (() => number) | undefined;
}

/** The records when they are due, until the count, the duration or the stages end, or `stop`. */
export function paced<T>(
  groups: Iterable<readonly T[]> | AsyncIterable<readonly T[]>,
  { perSecond, stages: points, count, durationMs, jitter }: PaceSettings,
  { clock, stop }: { readonly clock: Clock; readonly stop: AbortSignal },
): AsyncGenerator<readonly Due<T>[], void, undefined> {
  const counted = count === undefined ? groups : take(groups, count);
  if (!points && perSecond === Number.POSITIVE_INFINITY) {
    return unpaced(counted, clock, stop, durationMs);
  }
  const steady = jitter ? jitteredRate(perSecond, jitter) : constantRate(perSecond);
  const pacer: Pacer<unknown> = points ? stages(points) : steady;
  return pace(counted, durationMs === undefined ? pacer : until(pacer, durationMs), clock, stop);
}

/**
 * The records of a source that is ready: the time of the run may count from here.
 *
 * Enough are read ahead for the code that makes them to be compiled, but none that will not leave.
 */
export function ready<T>(
  groups: Iterable<readonly T[]> | AsyncIterable<readonly T[]>,
  settings: PaceSettings,
): Promise<AsyncIterable<readonly T[]>> {
  return begun(groups, Math.min(PRACTICE, plannedCount(settings) ?? PRACTICE));
}

/** How many records a run has at most; `undefined` where neither rate and time nor count say it. */
export function plannedCount(settings: PaceSettings): number | undefined {
  const { perSecond, stages: points, count = Number.POSITIVE_INFINITY, durationMs } = settings;
  const inTime = points
    ? areaUnder(points)
    : (perSecond * (durationMs ?? Number.POSITIVE_INFINITY)) / 1000;
  const least = Math.min(count, inTime);
  return Number.isFinite(least) ? Math.ceil(least) : undefined;
}

/** The highest rate of the run, in records a second; infinite for as fast as they are taken. */
export function peakRate({ perSecond, stages: points }: PaceSettings): number {
  return points ? Math.max(...points.map((point) => point.perSecond)) : perSecond;
}

/** True where a schedule says when each record is due. */
export function isScheduled({ perSecond, stages: points }: PaceSettings): boolean {
  return points !== undefined || Number.isFinite(perSecond);
}
