/**
 * Bound on outstanding records and bytes, which the KPL lacks.
 *
 * A record counts from its admission until its receipt has been taken by the reader. A record
 * larger than the whole bound is admitted when nothing else is under way.
 */
export class Outstanding {
  readonly #maxRecords: number;
  readonly #maxBytes: number;
  #records = 0;
  #bytes = 0;
  #wake: (() => void) | undefined;

  constructor(maxRecords: number, maxBytes: number) {
    this.#maxRecords = maxRecords;
    this.#maxBytes = maxBytes;
  }

  get records(): number {
    return this.#records;
  }

  fits(payloadBytes: number): boolean {
    if (this.#records === 0) return true;
    return this.#records < this.#maxRecords && this.#bytes + payloadBytes <= this.#maxBytes;
  }

  /** Resolves when something was freed. */
  freed(): Promise<void> {
    return new Promise((wake) => {
      this.#wake = wake;
    });
  }

  add(payloadBytes: number): void {
    this.#records += 1;
    this.#bytes += payloadBytes;
  }

  free(records: number, payloadBytes: number): void {
    this.#records -= records;
    this.#bytes -= payloadBytes;
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
