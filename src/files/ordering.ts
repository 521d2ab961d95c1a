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
  let held: Recorded[] = [];
  let left = Number.NEGATIVE_INFINITY;
  for await (const group of groups) {
    for (const record of group) {
      if (record.eventAt < left) lateness.late += 1;
      held.splice(placeOf(record.eventAt, held), 0, record);
    }
    const until = (held.at(-1)?.eventAt ?? 0) - windowMs;
    const count = placeOf(until, held);
    if (count === 0) continue;
    const ready = held.slice(0, count);
    held = held.slice(count);
    left = Math.max(left, ready.at(-1)?.eventAt ?? left);
    yield ready;
  }
  if (held.length > 0) yield held;
}

/** Behind all that are not later. */
function placeOf(eventAt: number, held: readonly Recorded[]): number {
  let low = 0;
  let high = held.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((held[middle]?.eventAt ?? 0) <= eventAt) low = middle + 1;
    else high = middle;
  }
  return low;
}
