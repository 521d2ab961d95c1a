import { countries } from '../population/countries.ts';
import { BUSIEST_DAY, dayFactor } from '../population/holidays.ts';

/** When people pay: how much a card of a country is used at an instant, against its busiest usual hour. */
export interface Calendar {
  /** At an instant in epoch milliseconds; 1 is the busiest hour of an ordinary week. */
  share(atMs: number, country: number): number;
  /** The same for all countries, until the half hour is over; the array is used again. */
  shares(atMs: number): Float64Array;
  /** When the half hour of an instant ends. */
  slotEnd(atMs: number): number;
  /** The mean of `share` over an ordinary week, the same for every country. */
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

/** The week by each country's clock, with its months and holidays. The curves are constants of this model. */
export function yearlyCalendar(): Calendar {
  const kept = new Float64Array(KEPT).fill(Number.NaN);
  const rows = Array.from({ length: KEPT }, () => new Float64Array(countries.length));
  const factors = new Map<number, number>();
  const factor = (day: number, country: number, code: string): number => {
    const place = day * countries.length + country;
    const known = factors.get(place) ?? dayFactor(day * DAY_MS, code);
    factors.set(place, known);
    return known;
  };
  const shares = (atMs: number): Float64Array => {
    const slot = Math.floor(atMs / SLOT_MS);
    const place = slot & (KEPT - 1);
    const row = rows[place] as Float64Array;
    if (kept[place] === slot) return row;
    kept[place] = slot;
    for (const [country, { code, utcOffsetHours }] of countries.entries()) {
      const hours = Math.floor((slot * SLOT_MS) / HOUR_MS + utcOffsetHours);
      const day = Math.floor(hours / 24);
      row[country] = usualShare(day, hours - day * 24) * factor(day, country, code);
    }
    return row;
  };
  return {
    share: (atMs, country) => shares(atMs)[country] as number,
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
