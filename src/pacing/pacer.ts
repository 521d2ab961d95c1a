/**
 * Load schedule of an open loop (open model): when each record is due.
 *
 * Returns milliseconds after the start at which record `index` is due; `Infinity` ends the run.
 */
export type Pacer<T> = (index: number, record: T) => number;

/** Constant arrival rate: the same number of records in each second. */
export function constantRate(perSecond: number): Pacer<unknown> {
  return (index) => (index * 1000) / perSecond;
}

/**
 * Constant arrival rate, each record due at random within its own interval.
 *
 * This is no Poisson process: each second still has the same number of records.
 */
export function jitteredRate(perSecond: number, random: () => number): Pacer<unknown> {
  let last = -1;
  let dueMs = 0;
  return (index) => {
    if (index !== last) dueMs = ((index + random()) * 1000) / perSecond;
    last = index;
    return dueMs;
  };
}

/** The load schedule of a pacer, ended after a time; records due later are not sent. */
export function until<T>(pacer: Pacer<T>, durationMs: number): Pacer<T> {
  return (index, record) => {
    const dueMs = pacer(index, record);
    return dueMs < durationMs ? dueMs : Number.POSITIVE_INFINITY;
  };
}

/** A point of the rate's curve: so many records a second at that time after the start. */
export interface Stage {
  readonly perSecond: number;
  readonly atMs: number;
}

/** One straight piece of the curve, and how many records were due before it. */
interface Ramp {
  readonly fromMs: number;
  readonly ms: number;
  readonly startPerMs: number;
  /** Change of the rate, in records/ms each ms. */
  readonly slope: number;
  readonly before: number;
  readonly after: number;
}

/**
 * Ramping arrival rate: moves in straight lines from stage to stage and ends at the last one.
 *
 * With the rate r0 + a*t, the records due after t are n = r0*t + a*t*t/2, hence record n is due at
 *     t = 2n / (r0 + sqrt(r0*r0 + 2*a*n))
 * (t in ms since the ramp began, r0 in records/ms, a in records/ms/ms). This form of the root
 * loses no digits where a is near zero. Before the first point its rate holds.
 */
export function stages(points: readonly Stage[]): Pacer<unknown> {
  const ramps = rampsOf(points);
  let current = 0;
  return (index) => {
    while ((ramps[current]?.after ?? Number.POSITIVE_INFINITY) <= index) current += 1;
    while ((ramps[current]?.before ?? 0) > index) current -= 1;
    const ramp = ramps[current];
    if (!ramp) return Number.POSITIVE_INFINITY;
    const count = index - ramp.before;
    if (count === 0) return ramp.fromMs;
    const root = Math.sqrt(Math.max(0, ramp.startPerMs ** 2 + 2 * ramp.slope * count));
    return ramp.fromMs + (2 * count) / (ramp.startPerMs + root);
  };
}

/** How many records the stages amount to. */
export function areaUnder(points: readonly Stage[]): number {
  return rampsOf(points).at(-1)?.after ?? 0;
}

function rampsOf(points: readonly Stage[]): readonly Ramp[] {
  const ramps: Ramp[] = [];
  let last: Stage = { perSecond: points[0]?.perSecond ?? 0, atMs: 0 };
  let before = 0;
  for (const point of points) {
    const ms = point.atMs - last.atMs;
    const after = before + ((last.perSecond + point.perSecond) / 2000) * ms;
    if (ms > 0) {
      const slope = (point.perSecond - last.perSecond) / 1000 / ms;
      ramps.push({
        fromMs: last.atMs,
        ms,
        startPerMs: last.perSecond / 1000,
        slope,
        before,
        after,
      });
    }
    last = point;
    before = after;
  }
  return ramps;
}
