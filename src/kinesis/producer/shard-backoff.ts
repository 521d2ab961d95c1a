/** Source: decorrelated jitter, as in the AWS Architecture Blog's "Exponential Backoff And Jitter". */
const LEAST_MS = 50;
const MOST_MS = 2_000;
/** A shard that accepted an entry so recently is not down: its failures are retried at once. */
const RECENT_MS = 500;

/**
 * Exponential backoff of a shard that accepts nothing, with decorrelated jitter.
 *
 * It grows with each failure, at random between a minimum and three times the last one, and ends
 * with the first success.
 */
export class Backoff {
  readonly #random: () => number;
  #lastMs = 0;
  #until = 0;
  #succeededAt = Number.NEGATIVE_INFINITY;

  constructor(random: () => number) {
    this.#random = random;
  }

  isOver(now: number): boolean {
    return now >= this.#until;
  }

  /** Starts a wait, unless there is one (parallel requests to one shard), or none is needed. */
  failed(now: number): void {
    if (now < this.#until || now - this.#succeededAt < RECENT_MS) return;
    const ceilingMs = Math.max(LEAST_MS * 2, this.#lastMs * 3);
    this.#lastMs = Math.min(MOST_MS, LEAST_MS + this.#random() * (ceilingMs - LEAST_MS));
    this.#until = now + this.#lastMs;
  }

  succeeded(now: number): void {
    this.#succeededAt = now;
    this.#lastMs = 0;
    this.#until = 0;
  }
}
