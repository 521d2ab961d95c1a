/** What the embedded Kinesis has seen so far. */
export interface KinesisStatistics {
  readonly requests: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
  readonly records: number;
  readonly throttledRecords: number;
  readonly failedRecords: number;
  readonly retainedBytes: number;
  readonly trimmedRecords: number;
}

/** Counts by name. */
export class RequestCounts {
  readonly #counts = new Map<string, number>();

  add(name: string, times = 1): void {
    if (times > 0) this.#counts.set(name, (this.#counts.get(name) ?? 0) + times);
  }

  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  all(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}
