import { manifest } from './manifest.ts';
import type { RingBuffers } from './ring-buffers.ts';

const DAY_MS = 86_400_000;
const windowsMs: readonly number[] = manifest.day_windows.map((days) => days * DAY_MS);
const WINDOWS = windowsMs.length;

/** The record of a day in the days of a key: the offset of its count. */
export const dayRecord = { count: 1, width: 2 } as const;
/** The record of a day of a card, with the sum of the amounts and that of their squares. */
export const cardDayRecord = { count: 1, sum: 2, squares: 3, width: 4 } as const;

/** The beginning of the day of UTC in which an instant lies, both in epoch milliseconds. */
export function dayOf(time: number): number {
  return Math.floor(time / DAY_MS) * DAY_MS;
}

/**
 * Sums over the days of a key, for each window of the manifest (`day_windows`).
 *
 * A window of N days is its last day and the N whole days before it.
 */
export class DaySums {
  readonly counts: Float64Array = new Float64Array(WINDOWS);
  readonly sums: Float64Array = new Float64Array(WINDOWS);
  readonly squares: Float64Array = new Float64Array(WINDOWS);

  /** Counts over the ring that was found last; `lastDay` is the beginning of the last day. */
  lookAtCounts(rings: RingBuffers, lastDay: number): void {
    const { counts } = this;
    counts.fill(0);
    const { numbers, start, width } = rings;
    const end = start + rings.stored * width;
    for (let at = start; at < end; at += width) {
      const age = lastDay - (numbers[at] as number);
      if (age < 0) continue;
      const count = numbers[at + dayRecord.count] as number;
      for (let window = WINDOWS; window > 0 && age <= (windowsMs[window - 1] as number); window -= 1)
        counts[window - 1] = (counts[window - 1] as number) + count;
    }
  }

  /** All sums over the ring of a card that was found last, added in the order of the ring. */
  look(rings: RingBuffers, lastDay: number): void {
    this.counts.fill(0);
    this.sums.fill(0);
    this.squares.fill(0);
    const { numbers, start, oldest, stored, width } = rings;
    const end = start + stored * width;
    let at = oldest;
    for (let turn = 0; turn < stored; turn += 1) {
      this.#add(numbers, at, lastDay - (numbers[at] as number));
      at = at + width === end ? start : at + width;
    }
  }

  #add(numbers: Float64Array, at: number, age: number): void {
    if (age < 0) return;
    const { counts, sums, squares } = this;
    const count = numbers[at + cardDayRecord.count] as number;
    const sum = numbers[at + cardDayRecord.sum] as number;
    const square = numbers[at + cardDayRecord.squares] as number;
    for (let window = WINDOWS - 1; window >= 0; window -= 1) {
      if (age > (windowsMs[window] as number)) return;
      counts[window] = (counts[window] as number) + count;
      sums[window] = (sums[window] as number) + sum;
      squares[window] = (squares[window] as number) + square;
    }
  }
}

/** The index of a window in the sums. Errors: throws for one that is not in `day_windows`. */
export function windowIndex(windowMs: number): number {
  const index = windowsMs.indexOf(windowMs);
  if (index < 0) throw new Error(`${windowMs} ms are no window of days`);
  return index;
}
