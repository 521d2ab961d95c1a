import type { Recorded } from '../recorded.ts';

/** A record, and how long after the first one it is due at the original speed. */
export interface Timed extends Recorded {
  readonly dueMs: number;
}

/** What was seen of the order of event times. */
export interface Order {
  outOfOrder: number;
}

/**
 * When records are due by their event times; gaps longer than `maxGapMs` count as that long.
 *
 * A record that comes out of order is due at once, and counted: it never holds up the others.
 */
export async function* timed(
  groups: AsyncIterable<readonly Recorded[]>,
  maxGapMs: number,
  order: Order,
): AsyncGenerator<readonly Timed[], void, undefined> {
  let last: number | undefined;
  let dueMs = 0;
  for await (const group of groups) {
    yield group.map((record) => {
      const gapMs = record.eventAt - (last ?? record.eventAt);
      if (gapMs < 0) order.outOfOrder += 1;
      else {
        dueMs += Math.min(gapMs, maxGapMs);
        last = record.eventAt;
      }
      return { ...record, dueMs };
    });
  }
}
