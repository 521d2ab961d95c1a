/** Weight of the latest request, once there were as many as its inverse. */
const WEIGHT = 1 / 64;
/** Mean deviations above the mean. Source: RFC 6298, the retransmission timer of TCP. */
const DEVIATIONS = 4;

/** How long a request takes at this endpoint under this load, as far as the latest ones say. */
export class RequestDuration {
  #count = 0;
  #meanMs = 0;
  #deviationMs = 0;

  add(durationMs: number): void {
    this.#count += 1;
    const weight = Math.max(WEIGHT, 1 / this.#count);
    const difference = durationMs - this.#meanMs;
    if (this.#count > 1) this.#deviationMs += weight * (Math.abs(difference) - this.#deviationMs);
    this.#meanMs += weight * difference;
  }

  /** Nearly every request takes less; 0 before the first. */
  get mostMs(): number {
    return this.#meanMs + DEVIATIONS * this.#deviationMs;
  }
}
