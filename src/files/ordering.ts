import { externallySorted } from './external-sort.ts';
import type { Recorded } from './recorded.ts';

/** How often records came too late for the window. */
export interface Lateness {
  late: number;
}

/** In which order records are read: as they stand, within a window, or all of them. */
export interface OrderSettings {
  /** Puts in order what is out of order by at most that much. */
  readonly sortWindowMs?: number | undefined;
  /** Puts all in order, on disk where they are many. */
  readonly sort?: boolean;
}

/** The same records in the order of the settings. */
export function ordered(
  groups: AsyncIterable<readonly Recorded[]>,
  { sort, sortWindowMs }: OrderSettings,
  lateness: Lateness,
): AsyncIterable<readonly Recorded[]> {
  if (sort) return externallySorted(groups);
  return sortWindowMs === undefined ? groups : sortedWithin(groups, sortWindowMs, lateness);
}

/**
 * Orders records by event time that are at most so far out of order.
 *
 * A record leaves when one has come whose event time is later by more than the window. One that comes
 * too late for that leaves at once, and is counted.
 */
async function* sortedWithin(
  groups: AsyncIterable<readonly Recorded[]>,
  windowMs: number,
  lateness: Lateness,
): AsyncGenerator<readonly Recorded[], void, undefined> {
  // In order of event time, equal ones as they came; what is new belongs near the end.
  let waiting: Recorded[] = [];
  let left = Number.NEGATIVE_INFINITY;
  for await (const group of groups) {
    for (const record of group) {
      if (record.eventAt < left) lateness.late += 1;
      waiting.splice(placeOf(record.eventAt, waiting), 0, record);
    }
    const until = (waiting.at(-1)?.eventAt ?? 0) - windowMs;
    const count = placeOf(until, waiting);
    if (count === 0) continue;
    const ready = waiting.slice(0, count);
    waiting = waiting.slice(count);
    left = Math.max(left, ready.at(-1)?.eventAt ?? left);
    yield ready;
  }
  if (waiting.length > 0) yield waiting;
}

/** Behind all that are not later. */
function placeOf(eventAt: number, waiting: readonly Recorded[]): number {
  let low = 0;
  let high = waiting.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((waiting[middle]?.eventAt ?? 0) <= eventAt) low = middle + 1;
    else high = middle;
  }
  return low;
}
