import type { Recorded } from '../recorded.ts';
import type { ReplayCheckpoint } from './replay-checkpoint.ts';

/**
 * What a checkpoint does not know as settled, each noted there before it leaves.
 *
 * Errors: those of `handOut`; `bad-data` when the checkpoint knows more records than there are.
 */
export async function* remaining(
  groups: AsyncIterable<readonly Recorded[]>,
  checkpoint: ReplayCheckpoint,
  stop: AbortSignal,
): AsyncGenerator<readonly Recorded[], void, undefined> {
  let next = 0;
  for await (const group of groups) {
    const first = next;
    next += group.length;
    const records: Recorded[] = [];
    const places: number[] = [];
    for (const [at, record] of group.entries()) {
      if (checkpoint.isSettled(first + at)) continue;
      records.push(record);
      places.push(first + at);
    }
    if (records.length === 0) continue;
    await checkpoint.handOut(records, places);
    yield records;
  }
  // After a signal the rest was not read.
  if (!stop.aborted) checkpoint.checkTotal(next);
}
