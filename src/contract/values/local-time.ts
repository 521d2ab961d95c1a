import { IANAZone } from 'luxon';

/** Fields of a date and a time of day as a clock shows them. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly ms: number;
}

/** Gives the epoch milliseconds of what a clock in a zone shows as if it were UTC; NaN for what it never shows. */
export type FromLocal = (localMs: number) => number;

const DAY_MS = 86_400_000;
/** Offsets change at whole quarters of an hour. */
const QUARTER_MS = 900_000;
const MOST_QUARTERS = 4_096;

/**
 * Local time of a zone to instants. Of a time that a clock shows twice, as it is set back, it is the first.
 */
export function fromLocal(zoneName: string): FromLocal {
  if (/^(utc|gmt|etc\/utc)$/i.test(zoneName)) return (localMs) => localMs;
  const zone = IANAZone.create(zoneName);
  const offsets = new Map<number, number>();
  return (localMs) => {
    const quarter = Math.floor(localMs / QUARTER_MS);
    let offsetMs = offsets.get(quarter);
    if (offsetMs === undefined) {
      offsetMs = offsetOf(zone, quarter * QUARTER_MS);
      if (offsets.size >= MOST_QUARTERS) offsets.clear();
      offsets.set(quarter, offsetMs);
    }
    return localMs - offsetMs;
  };
}

/** What the zone is ahead of UTC at a local time, the larger of two; NaN for a time that is left out. */
function offsetOf(zone: IANAZone, localMs: number): number {
  const before = zone.offset(localMs - DAY_MS) * 60_000;
  const after = zone.offset(localMs + DAY_MS) * 60_000;
  const isAt = (offsetMs: number): boolean => zone.offset(localMs - offsetMs) * 60_000 === offsetMs;
  // The larger offset gives the earlier instant.
  const [first, second] = before > after ? [before, after] : [after, before];
  if (isAt(first)) return first;
  return isAt(second) ? second : Number.NaN;
}

/** Milliseconds of a date and time as if it were UTC; a text for fields that no clock and calendar show. */
export function localMs(time: LocalTime): number | string {
  const { year, month, day, hour, minute, second, ms } = time;
  if (!(month >= 1 && month <= 12)) return `there is no month ${month}`;
  if (!(day >= 1 && day <= daysIn(year, month))) {
    return `${year}-${String(month).padStart(2, '0')} has no day ${day}`;
  }
  const isMidnight = hour === 24 && minute === 0 && second === 0 && ms === 0;
  if (!(hour <= 23 || isMidnight)) return `there is no hour ${hour}`;
  if (!(minute <= 59)) return `there is no minute ${minute}`;
  if (!(second <= 59)) return `there is no second ${second} (leap seconds are not supported)`;
  return year >= 100
    ? Date.UTC(year, month - 1, day, hour, minute, second, ms)
    : new Date(0).setUTCFullYear(year, month - 1, day) +
        ((hour * 60 + minute) * 60 + second) * 1000 +
        ms;
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}
