import { manifest } from './manifest.ts';
import type { RingBuffers } from './ring-buffers.ts';

const DAY_MS = 86_400_000;
const [SHORT_MS = 0, MIDDLE_MS = 0, LONG_MS = 0] = manifest.day_windows.map(
  (days) => days * DAY_MS,
);

/** The record of a day in the days of a key: the offset of its count. */
export const dayRecord = { count: 1, width: 2 } as const;
/** The record of a day of a card, with the sum of the amounts and that of their squares. */
export const cardDayRecord = { count: 1, sum: 2, squares: 3, width: 4 } as const;

/** The beginning of the day of UTC in which an instant lies, both in epoch milliseconds. */
export function dayOf(time: number): number {
  return Math.floor(time / DAY_MS) * DAY_MS;
}

/** Sums over the windows of days of the manifest: `of[0]` over the shortest one. */
export type WindowSums = Float64Array;

/**
 * Adds up a field of the ring that was found last, for each window; a window of N days is its last day and the N
 * whole days before it. Sums are added in the order of the ring. `lastDay` is the beginning of the last day.
 */
export function sumDays(
  rings: RingBuffers,
  field: number,
  lastDay: number,
  into: WindowSums,
): void {
  const { numbers, width, stored, start, oldest } = rings;
  const end = start + stored * width;
  let short = 0;
  let middle = 0;
  let long = 0;
  let at = oldest;
  for (let turn = 0; turn < stored; turn += 1) {
    const age = lastDay - (numbers[at] as number);
    if (age >= 0 && age <= LONG_MS) {
      const value = numbers[at + field] as number;
      long += value;
      if (age <= MIDDLE_MS) middle += value;
      if (age <= SHORT_MS) short += value;
    }
    at += width;
    if (at === end) at = start;
  }
  into[0] = short;
  into[1] = middle;
  into[2] = long;
}

/** As `sumDays`, of the three fields of the days of a card at once: each day is looked at once. */
export function sumCardDays(
  rings: RingBuffers,
  lastDay: number,
  counts: WindowSums,
  sums: WindowSums,
  squares: WindowSums,
): void {
  const { numbers, width, stored, start, oldest } = rings;
  const end = start + stored * width;
  let short = 0;
  let middle = 0;
  let long = 0;
  let shortSum = 0;
  let middleSum = 0;
  let longSum = 0;
  let shortSquares = 0;
  let middleSquares = 0;
  let longSquares = 0;
  let at = oldest;
  for (let turn = 0; turn < stored; turn += 1) {
    const age = lastDay - (numbers[at] as number);
    if (age >= 0 && age <= LONG_MS) {
      const count = numbers[at + cardDayRecord.count] as number;
      const sum = numbers[at + cardDayRecord.sum] as number;
      const square = numbers[at + cardDayRecord.squares] as number;
      long += count;
      longSum += sum;
      longSquares += square;
      if (age <= MIDDLE_MS) {
        middle += count;
        middleSum += sum;
        middleSquares += square;
      }
      if (age <= SHORT_MS) {
        short += count;
        shortSum += sum;
        shortSquares += square;
      }
    }
    at += width;
    if (at === end) at = start;
  }
  counts[0] = short;
  counts[1] = middle;
  counts[2] = long;
  sums[0] = shortSum;
  sums[1] = middleSum;
  sums[2] = longSum;
  squares[0] = shortSquares;
  squares[1] = middleSquares;
  squares[2] = longSquares;
}

/** Adds one to the day of the ring that was found last; `day` is its beginning. */
export function addToDay(rings: RingBuffers, day: number): void {
  const at = rings.upsert(day) + dayRecord.count;
  rings.numbers[at] = (rings.numbers[at] as number) + 1;
}
