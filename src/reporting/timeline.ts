const HOUR_MS = 3_600_000;
/** More than a month of hours; then two hours become one bin, and so on. */
const MOST_BINS = 1024;

/** What happened in one span of time. */
export interface TimelineBin {
  readonly fromMs: number;
  readonly count: number;
  readonly marked: number;
}

/** Counts by hour of event time; by longer spans, each twice the last, where there are too many hours. */
export class Timeline {
  #binMs = HOUR_MS;
  #first: number | undefined;
  #counts: number[] = [];
  #marked: number[] = [];

  /** Instants come in order; `isMarked` is counted twice, as itself and among all. */
  add(atMs: number, isMarked: boolean): void {
    this.#first ??= Math.floor(atMs / HOUR_MS) * HOUR_MS;
    let bin = Math.floor((atMs - this.#first) / this.#binMs);
    while (bin >= MOST_BINS) {
      this.#widen();
      bin = Math.floor((atMs - this.#first) / this.#binMs);
    }
    this.#counts[bin] = (this.#counts[bin] ?? 0) + 1;
    if (isMarked) this.#marked[bin] = (this.#marked[bin] ?? 0) + 1;
  }

  get binMs(): number {
    return this.#binMs;
  }

  bins(): readonly TimelineBin[] {
    return Array.from(this.#counts, (count = 0, bin) => ({
      fromMs: (this.#first ?? 0) + bin * this.#binMs,
      count,
      marked: this.#marked[bin] ?? 0,
    }));
  }

  #widen(): void {
    this.#binMs *= 2;
    this.#counts = paired(this.#counts);
    this.#marked = paired(this.#marked);
  }
}

function paired(counts: readonly number[]): number[] {
  return Array.from({ length: Math.ceil(counts.length / 2) }, (_, place) => {
    return (counts[2 * place] ?? 0) + (counts[2 * place + 1] ?? 0);
  });
}
