/** Source: decorrelated jitter, as in the AWS Architecture Blog's "Exponential Backoff And Jitter". */
const LEAST_MS = 50;
const MOST_MS = 2_000;

/** A wait that grows with each failure, at random between a floor and thrice the last one. */
export class Backoff {
  readonly #random: () => number;
  #lastMs = 0;
  #until = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  isOver(now: number): boolean {
    return now >= this.#until;
  }

  /** Starts a wait; false for a further failure during it (parallel requests to one shard). */
  failed(now: number): boolean {
    if (now < this.#until) return false;
    const ceilingMs = Math.max(LEAST_MS * 2, this.#lastMs * 3);
    this.#lastMs = Math.min(MOST_MS, LEAST_MS + this.#random() * (ceilingMs - LEAST_MS));
    this.#until = now + this.#lastMs;
    return true;
  }

  succeeded(now: number): void {
    if (now >= this.#until) this.#lastMs = 0;
  }
}
