const RESERVE = 256;
const EARNED_PER_ROW = 4;
const MOST_SAVED = 100_000;

/**
 * Lets refused batches be taken apart while rows get through at all.
 *
 * Finding one bad row among n takes up to 2 log2(n) requests; where every row is refused, because
 * the request itself is wrong, that would double the load for nothing.
 */
export class SplitBudget {
  #tokens = RESERVE;

  earn(rows: number): void {
    this.#tokens = Math.min(MOST_SAVED, this.#tokens + rows * EARNED_PER_ROW);
  }

  take(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
