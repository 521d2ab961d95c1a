/** Where a capacity is sought. Rates in records a second. */
export interface CapacitySettings {
  readonly from: number;
  readonly to: number;
  /** The search ends when the two rates are no further apart: 0.02 is 2 %. */
  readonly precision: number;
  /** Rises by so much each time instead of doubling and halving. */
  readonly stepBy: number | undefined;
}

/** The highest rate that was kept, and the lowest that was not; undefined where there is none. */
export interface Capacity {
  readonly kept: number | undefined;
  readonly broken: number | undefined;
}

/** Below this nothing is sought. */
const LOWEST_PER_SECOND = 1;

/**
 * Finds the highest rate that is kept.
 *
 * Doubles the rate until it is not kept, or halves it until it is, then takes the middle again and
 * again. With `stepBy` the rate only rises. `isKept` says of a rate whether it was kept; it must be
 * sure of it, for a rate is not tried twice.
 */
export async function capacity(settings: CapacitySettings, isKept: IsKept): Promise<Capacity> {
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

/** Says of a rate whether it was kept; `undefined` ends the search where it is. */
export type IsKept = (perSecond: number) => Promise<boolean | undefined>;

/** Rises step by step until a rate is not kept. */
async function climbed(
  { from, to }: CapacitySettings,
  stepBy: number,
  isKept: IsKept,
): Promise<Capacity> {
  let kept: number | undefined;
  for (let rate = Math.min(from, to); ; rate = Math.min(to, rate + stepBy)) {
    const answer = await isKept(rate);
    if (answer === false) return { kept, broken: rate };
    if (answer) kept = rate;
    if (answer === undefined || rate >= to) return { kept, broken: undefined };
  }
}

/** Two rates with the capacity between them, by doubling or halving. */
async function widened({ from, to }: CapacitySettings, isKept: IsKept): Promise<Capacity> {
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
