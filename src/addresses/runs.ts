/**
 * An address space cut into runs, each of one owner; a run ends where the next begins.
 *
 * A start is two parts: its first 16 bits are a bucket, the rest stands in `lows`. The runs that
 * begin in bucket b are those from `index[b]` up to, but not including, `index[b + 1]`.
 * Shapes: `index` 65 537; the others one for each run. `countries` 0 is nobody, 1 the first.
 */
export interface Runs {
  readonly index: Uint32Array;
  readonly lows: Uint16Array | Uint32Array;
  readonly countries: Uint8Array;
  readonly kinds: Uint8Array;
}

/** Buckets of an address space: the values of the first 16 bits. */
export const BUCKETS = 65_536;

/** The run that an address is in; `low` is what follows the 16 bits of its bucket. */
export function runOf({ index, lows }: Runs, bucket: number, low: number): number {
  // Where no run of the bucket begins at or before the address, it is in the last run before them.
  let first = (index[bucket] as number) - 1;
  let last = (index[bucket + 1] as number) - 1;
  while (first < last) {
    const middle = (first + last + 1) >> 1;
    if ((lows[middle] as number) <= low) first = middle;
    else last = middle - 1;
  }
  return first;
}

/** The first address of each run, and the end of the space: `perBucket` addresses in each bucket. */
export function startsOf({ index, lows }: Runs, perBucket: number): Float64Array {
  const starts = new Float64Array(lows.length + 1).fill(perBucket * BUCKETS);
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    const end = index[bucket + 1] as number;
    for (let run = index[bucket] as number; run < end; run += 1) {
      starts[run] = bucket * perBucket + (lows[run] as number);
    }
  }
  return starts;
}
