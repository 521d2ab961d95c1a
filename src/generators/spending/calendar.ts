import { countries } from '../population/countries.ts';

/** When people pay: how likely a card of a country is used at an instant, against its busiest hour. */
export interface Calendar {
  /** From 0 to 1, at an instant in epoch milliseconds. */
  share(atMs: number, country: number): number;
  /** The mean of `share` over a long time, the same for every country. */
  readonly meanShare: number;
}

/** Relative activity by local hour: little at night, most at noon and after work. */
const HOURS = [
  0.12, 0.07, 0.05, 0.04, 0.05, 0.1, 0.24, 0.45, 0.63, 0.73, 0.8, 0.9, 1, 0.93, 0.83, 0.82, 0.88,
  0.98, 1, 0.87, 0.68, 0.5, 0.35, 0.21,
];
/** Relative activity from Monday to Sunday. */
const DAYS = [0.86, 0.86, 0.88, 0.92, 1, 0.98, 0.8];
const MEAN_SHARE = (sum(HOURS) * sum(DAYS)) / 168;
/** Hours from the Monday before the epoch, which was a Thursday, to the epoch. */
const EPOCH_HOUR_OF_WEEK = 3 * 24;
const HOUR_MS = 3_600_000;
/** Clocks differ from UTC by whole half hours. */
const SLOT_MS = HOUR_MS / 2;
/** Half hours kept at a time: shards are never far apart. */
const KEPT = 8;

/** The same week again and again, by each country's clock. The curves are constants of this model. */
export function weeklyCalendar(): Calendar {
  const kept = new Float64Array(KEPT).fill(Number.NaN);
  const shares = new Float64Array(KEPT * countries.length);
  const keep = (slot: number, row: number): void => {
    kept[row] = slot;
    for (const [country, { utcOffsetHours }] of countries.entries()) {
      const hour = Math.floor((slot * SLOT_MS) / HOUR_MS + utcOffsetHours);
      shares[row * countries.length + country] = shareOf((hour + EPOCH_HOUR_OF_WEEK) % 168);
    }
  };
  return {
    share(atMs, country) {
      const slot = Math.floor(atMs / SLOT_MS);
      const row = slot & (KEPT - 1);
      if (kept[row] !== slot) keep(slot, row);
      return shares[row * countries.length + country] as number;
    },
    meanShare: MEAN_SHARE,
  };
}

function shareOf(hourOfWeek: number): number {
  return (HOURS[hourOfWeek % 24] as number) * (DAYS[Math.floor(hourOfWeek / 24)] as number);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
