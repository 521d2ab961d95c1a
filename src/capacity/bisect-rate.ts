/** Between which rates a capacity is searched, in records a second. */
export interface RateRange {
  /** The first rate that is tried. */
  readonly from: number;
  /** No higher rate is tried. */
  readonly to: number;
  /** The search ends when the two rates are no further apart: 0.02 is 2 %. */
  readonly precision: number;
  /** Rises by so much each time instead of doubling and bisecting. */
  readonly stepBy?: number | undefined;
}

/** The highest rate that was kept, and the lowest that was not; undefined where there is none. */
export interface CapacityBounds {
  readonly kept: number | undefined;
  readonly broken: number | undefined;
}

/** No lower rate is tried. */
const LOWEST_PER_SECOND = 1;

/**
 * Finds the highest rate that is kept, by bisection.
 *
 * Doubles the rate until it is not kept, or halves it until it is, then bisects the interval until
 * it is within the precision. With `stepBy` the rate only rises. No rate is tried twice.
 */
export async function bisectRate(settings: RateRange, isKept: IsKept): Promise<CapacityBounds> {
  const { stepBy, precision } = settings;
  if (stepBy !== undefined) return climbed(settings, stepBy, isKept);
  let { kept, broken } = await widened(settings, isKept);
  while (kept !== undefined && broken !== undefined && broken / kept > 1 + precision) {
    const middle = (kept + broken) / 2;
    const answer = await isKept(middle);
    if (answer === undefined) break;
    if (answer) kept = middle;
    else broken = middle;
  }
  return { kept, broken };
}

/** Whether a rate was kept; `undefined` ends the search where it is. */
export type IsKept = (perSecond: number) => Promise<boolean | undefined>;

/** Rises step by step until a rate is not kept. */
async function climbed(
  { from, to }: RateRange,
  stepBy: number,
  isKept: IsKept,
): Promise<CapacityBounds> {
  let kept: number | undefined;
  for (let rate = Math.min(from, to); ; rate = Math.min(to, rate + stepBy)) {
    const answer = await isKept(rate);
    if (answer === false) return { kept, broken: rate };
    if (answer) kept = rate;
    if (answer === undefined || rate >= to) return { kept, broken: undefined };
  }
}

/** Two rates with the capacity between them, by doubling or halving. */
async function widened({ from, to }: RateRange, isKept: IsKept): Promise<CapacityBounds> {
  let kept: number | undefined;
  let broken: number | undefined;
  let rate = Math.min(from, to);
  while (rate >= LOWEST_PER_SECOND && (kept === undefined || broken === undefined)) {
    const answer = await isKept(rate);
    if (answer === undefined) break;
    if (answer) kept = rate;
    else broken = rate;
    if (answer && rate >= to) break;
    rate = answer ? Math.min(to, 2 * rate) : rate / 2;
  }
  return { kept, broken };
}
