import { countries } from '../population/countries.ts';
import { dayFactors } from '../population/holidays.ts';

const DAY_MS = 86_400_000;
const TOTAL_WEIGHT = countries.reduce((sum, { weight }) => sum + weight, 0);

/** How busy days are, by their number from the epoch: each is asked for by many. */
const known = new Map<number, number>();

/** Time in which busy days are long and quiet ones short, so that as much is paid in any day of it. */
export class BusyTime {
  readonly #firstDay: number;
  /** How many ordinary days have passed when each day begins. */
  readonly #passed: number[] = [0];

  constructor(fromMs: number) {
    this.#firstDay = Math.floor(fromMs / DAY_MS);
  }

  /** When so many ordinary days have passed since an instant that is not before the first. */
  after(fromMs: number, days: number): number {
    if (days === Number.POSITIVE_INFINITY) return days;
    const passed = this.#at(fromMs / DAY_MS - this.#firstDay) + days;
    while ((this.#passed.at(-1) as number) <= passed) this.#addDay();
    let low = 0;
    let high = this.#passed.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#passed[middle] as number) <= passed) low = middle;
      else high = middle;
    }
    const begun = this.#passed[low] as number;
    const share = (passed - begun) / ((this.#passed[low + 1] as number) - begun);
    return (this.#firstDay + low + share) * DAY_MS;
  }

  #at(day: number): number {
    const whole = Math.floor(day);
    while (this.#passed.length < whole + 2) this.#addDay();
    const begun = this.#passed[whole] as number;
    return begun + (day - whole) * ((this.#passed[whole + 1] as number) - begun);
  }

  #addDay(): void {
    const day = this.#firstDay + this.#passed.length - 1;
    this.#passed.push((this.#passed.at(-1) as number) + busynessOf(day));
  }
}

/** The mean over all countries. */
function busynessOf(day: number): number {
  const before = known.get(day);
  if (before !== undefined) return before;
  const factor = dayFactors(day * DAY_MS);
  const sum = countries.reduce((total, { code, weight }) => total + weight * factor(code), 0);
  known.set(day, sum / TOTAL_WEIGHT);
  return sum / TOTAL_WEIGHT;
}
