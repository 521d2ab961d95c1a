/** Milliseconds after the start at which record `index` is due; `Infinity` ends the run. */
export type Pacer<T> = (index: number, record: T) => number;

/** The same number of records in each second. */
export function constantRate(perSecond: number): Pacer<unknown> {
  return (index) => (index * 1000) / perSecond;
}

/** The same number of records in each second, each due at random within its interval. */
export function jitteredRate(perSecond: number, random: () => number): Pacer<unknown> {
  let last = -1;
  let dueMs = 0;
  return (index) => {
    if (index !== last) dueMs = ((index + random()) * 1000) / perSecond;
    last = index;
    return dueMs;
  };
}

/** The pacer, ended after a time; records due later are not sent. */
export function until<T>(pacer: Pacer<T>, durationMs: number): Pacer<T> {
  return (index, record) => {
    const dueMs = pacer(index, record);
    return dueMs < durationMs ? dueMs : Number.POSITIVE_INFINITY;
  };
}
