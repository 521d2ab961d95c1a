/** Buckets of each power of two: neighbours differ by 6 %, their middle is 3 % from either end. */
const PER_OCTAVE = 12;

/** Counts of positive amounts by buckets of equal ratio: as small as the amounts are alike. */
export class LogBuckets {
  readonly #counts = new Map<number, number>();

  /** Everything under a thousandth is a thousandth. */
  add(amount: number, count = 1): void {
    this.#put(Math.floor(Math.log2(Math.max(amount, 1e-3)) * PER_OCTAVE), count);
  }

  /** What `pairs` of another one gave. */
  addPairs(pairs: readonly number[]): void {
    for (let place = 0; place + 1 < pairs.length; place += 2) {
      this.#put(pairs[place] ?? 0, pairs[place + 1] ?? 0);
    }
  }

  /** Bucket, count, bucket, count, and so on, in the order of amounts. */
  pairs(): readonly number[] {
    return [...this.#counts].sort(([a], [b]) => a - b).flat();
  }

  /** The amount that a share of all does not exceed, at four digits; null where there is none. */
  quantile(share: number): number | null {
    const pairs = [...this.#counts].sort(([a], [b]) => a - b);
    let left = share * pairs.reduce((sum, [, count]) => sum + count, 0);
    for (const [bucket, count] of pairs) {
      left -= count;
      if (left <= 0) return Number((2 ** ((bucket + 0.5) / PER_OCTAVE)).toPrecision(4));
    }
    return null;
  }

  #put(bucket: number, count: number): void {
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
  }
}
