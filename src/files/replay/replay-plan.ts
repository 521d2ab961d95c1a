import type { Timed } from './event-times.ts';

/**
 * What a replay would do, without doing it.
 *
 * Units: `spanMs` of event time from the first to the last; `expectedMs` how long the replay takes;
 * `peakPerSecond` the most records in one second of it.
 */
export interface ReplayPlan {
  readonly records: number;
  readonly bytes: number;
  readonly firstAt: number | undefined;
  readonly lastAt: number | undefined;
  readonly spanMs: number;
  readonly expectedMs: number;
  readonly peakPerSecond: number;
}

const SECOND_MS = 1000;

/** Plans a replay at a speed, or at a rate in records a second; `Infinity` is as fast as possible. */
export async function replayPlan(
  groups: AsyncIterable<readonly Timed[]>,
  speed: number,
  rate: number | undefined,
): Promise<ReplayPlan> {
  let [records, bytes] = [0, 0];
  let [firstAt, lastAt] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [second, inSecond, peak, lastDueMs] = [0, 0, 0, 0];
  for await (const group of groups) {
    for (const { eventAt, dueMs, data } of group) {
      const atMs = rate === undefined ? dueMs / speed : (records * SECOND_MS) / rate;
      const now = Math.floor(atMs / SECOND_MS);
      inSecond = now === second ? inSecond + 1 : 1;
      [second, peak, lastDueMs] = [now, Math.max(peak, inSecond), atMs];
      [firstAt, lastAt] = [Math.min(firstAt, eventAt), Math.max(lastAt, eventAt)];
      records += 1;
      bytes += data.length;
    }
  }
  const isEmpty = records === 0;
  return {
    records,
    bytes,
    firstAt: isEmpty ? undefined : firstAt,
    lastAt: isEmpty ? undefined : lastAt,
    spanMs: isEmpty ? 0 : lastAt - firstAt,
    expectedMs: lastDueMs,
    peakPerSecond: peak,
  };
}
