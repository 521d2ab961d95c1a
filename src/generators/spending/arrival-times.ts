import type { Random } from '../numbers/random.ts';
import { clockRegions } from '../population/cities.ts';
import { countries } from '../population/countries.ts';
import { BUSIEST_DAY, dayFactor, dayFactors } from '../population/holidays.ts';
import { utcOffsetHours } from '../population/time-zones.ts';
import type { ShardCards } from '../simulation/shard.ts';

/** When people pay: how much a card of a region is used at an instant, against its busiest usual hour. */
export interface Calendar {
  /** At an instant in epoch milliseconds; 1 is the busiest hour of an ordinary week. */
  share(atMs: number, region: number): number;
  /** The same for all regions, until the half hour is over; the array is used again. */
  shares(atMs: number): Float64Array;
  /** When the half hour of an instant ends. */
  slotEnd(atMs: number): number;
  /** The mean of `share` over an ordinary week, the same for every region. */
  readonly meanShare: number;
  /** The most that `share` can be. */
  readonly peakShare: number;
}

/** Relative activity by local hour: little at night, most at noon and after work. */
export const HOURS: readonly number[] = [
  0.12, 0.07, 0.05, 0.04, 0.05, 0.1, 0.24, 0.45, 0.63, 0.73, 0.8, 0.9, 1, 0.93, 0.83, 0.82, 0.88,
  0.98, 1, 0.87, 0.68, 0.5, 0.35, 0.21,
];
/** Relative activity from Monday to Sunday. */
export const DAYS: readonly number[] = [0.86, 0.86, 0.88, 0.92, 1, 0.98, 0.8];
const MEAN_SHARE = (sum(HOURS) * sum(DAYS)) / 168;
/** Days from the Monday before the epoch, which was a Thursday, to the epoch. */
const EPOCH_DAY_OF_WEEK = 3;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Clocks differ from UTC by whole half hours. */
const SLOT_MS = HOUR_MS / 2;
/** Half hours kept at a time: shards with few cards look a day ahead. */
const KEPT = 64;

/** The week by each region's clock, with summer time, months and holidays. The curves are constants of this model. */
export function yearlyCalendar(): Calendar {
  const kept = new Float64Array(KEPT).fill(Number.NaN);
  const rows = Array.from({ length: KEPT }, () => new Float64Array(clockRegions.length));
  const factors = new Map<number, number>();
  const factor = (day: number, country: number, code: string): number => {
    const index = day * countries.length + country;
    const known = factors.get(index) ?? dayFactor(day * DAY_MS, code);
    factors.set(index, known);
    return known;
  };
  const shares = (atMs: number): Float64Array => {
    const slot = Math.floor(atMs / SLOT_MS);
    const index = slot & (KEPT - 1);
    const row = rows[index] as Float64Array;
    if (kept[index] === slot) return row;
    kept[index] = slot;
    for (const [region, { country, zone }] of clockRegions.entries()) {
      const ahead = utcOffsetHours(zone, slot * SLOT_MS);
      const hours = Math.floor((slot * SLOT_MS) / HOUR_MS + ahead);
      const day = Math.floor(hours / 24);
      const { code = '' } = countries[country] ?? {};
      row[region] = usualShare(day, hours - day * 24) * factor(day, country, code);
    }
    return row;
  };
  return {
    share: (atMs, region) => shares(atMs)[region] as number,
    shares,
    slotEnd: (atMs) => (Math.floor(atMs / SLOT_MS) + 1) * SLOT_MS,
    meanShare: MEAN_SHARE,
    peakShare: BUSIEST_DAY,
  };
}

/** Of an hour of an ordinary day; `day` counts local days from the epoch. */
function usualShare(day: number, hour: number): number {
  return (HOURS[hour] as number) * (DAYS[(day + EPOCH_DAY_OF_WEEK) % 7] as number);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

const MS_PER_DAY = 86_400_000;
const TOTAL_WEIGHT = countries.reduce((sum, { weight }) => sum + weight, 0);

/** How busy days are, by their number from the epoch: each is asked for by many. */
const known = new Map<number, number>();

/** Time in which busy days are long and quiet ones short, so that as much is paid in any day of it. */
export class BusyTime {
  readonly #firstDay: number;
  /** How many ordinary days have passed when each day begins. */
  readonly #passed: number[] = [0];

  constructor(fromMs: number) {
    this.#firstDay = Math.floor(fromMs / MS_PER_DAY);
  }

  /** When so many ordinary days have passed since an instant that is not before the first. */
  after(fromMs: number, days: number): number {
    if (days === Number.POSITIVE_INFINITY) return days;
    const passed = this.#at(fromMs / MS_PER_DAY - this.#firstDay) + days;
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
    return (this.#firstDay + low + share) * MS_PER_DAY;
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
  const factor = dayFactors(day * MS_PER_DAY);
  const sum = countries.reduce((total, { code, weight }) => total + weight * factor(code), 0);
  known.set(day, sum / TOTAL_WEIGHT);
  return sum / TOTAL_WEIGHT;
}

/**
 * When the cards of a shard are used, and which.
 *
 * Cards act independently, so that their sum is one Poisson process, whose rate is constant for half
 * an hour: the next arrival is drawn at that rate, and drawn anew from where the half hour ends.
 * The region is then chosen by what each adds to the rate, so that nothing is drawn in vain.
 */
export class Arrivals {
  /** Whose the last one was, and of which region. */
  card = 0;
  region = 0;
  readonly #calendar: Calendar;
  readonly #cards: ShardCards;
  readonly #random: Random;
  /** Arrivals a millisecond of one unit of activity at a share of 1. */
  readonly #perMs: number;
  /** What the regions up to each add to the rate, in the half hour that ends at `#slotEnd`. */
  readonly #upTo: Float64Array;
  #rate = 0;
  #slotEnd = Number.NEGATIVE_INFINITY;

  /** `perMs`: arrivals a millisecond, on average over an ordinary week. */
  constructor(calendar: Calendar, cards: ShardCards, random: Random, perMs: number) {
    this.#calendar = calendar;
    this.#cards = cards;
    this.#random = random;
    this.#perMs = perMs / calendar.meanShare / cards.activity;
    this.#upTo = new Float64Array(cards.activityIn.length);
  }

  /** When the first one after an instant is; `Infinity` where there is none. */
  next(afterMs: number): number {
    if (this.#perMs === 0) return Number.POSITIVE_INFINITY;
    let atMs = afterMs;
    for (;;) {
      if (!(atMs < this.#slotEnd)) this.#turn(atMs);
      const next = atMs + this.#random.exponential() / (this.#rate * this.#perMs);
      if (next < this.#slotEnd) {
        this.region = this.#drawRegion();
        this.card = this.#cards.pickIn(this.region, this.#random);
        return next;
      }
      atMs = this.#slotEnd;
    }
  }

  #turn(atMs: number): void {
    const shares = this.#calendar.shares(atMs);
    let rate = 0;
    for (let region = 0; region < shares.length; region += 1) {
      rate += (this.#cards.activityIn[region] as number) * (shares[region] as number);
      this.#upTo[region] = rate;
    }
    this.#rate = rate;
    this.#slotEnd = this.#calendar.slotEnd(atMs);
  }

  #drawRegion(): number {
    const draw = this.#random.unit() * this.#rate;
    let region = 0;
    while ((this.#upTo[region] as number) <= draw) region += 1;
    return region;
  }
}
