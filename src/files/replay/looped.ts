import type { Recorded } from '../recorded.ts';
import { renamed, shifted } from './rewritten.ts';

const SECOND_MS = 1000;

/**
 * The records again and again, read anew each time.
 *
 * From the second time on ids end in `~2`, `~3` and so on, and event time goes on where the time before
 * it ended: at the next whole second after its last record.
 */
export async function* looped(
  open: () => AsyncIterable<readonly Recorded[]>,
  times: number,
): AsyncGenerator<readonly Recorded[], void, undefined> {
  let spanMs = 0;
  for (let time = 1; time <= times; time += 1) {
    let first = Number.POSITIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    for await (const group of open()) {
      for (const { eventAt } of group) {
        first = Math.min(first, eventAt);
        last = Math.max(last, eventAt);
      }
      yield time === 1 ? group : group.map((record) => again(record, time, spanMs * (time - 1)));
    }
    if (last < first) return;
    spanMs = (Math.floor((last - first) / SECOND_MS) + 1) * SECOND_MS;
  }
}

function again(record: Recorded, time: number, shiftMs: number): Recorded {
  const renewed = renamed(record, `${record.id}~${time}`);
  return shifted({ ...renewed, eventAt: record.eventAt }, shiftMs);
}
