/** Share of the full rate that a throttled bucket keeps, and the least it can fall to. */
const SLOWED_TO = 0.8;
const LEAST_SHARE = 0.1;
/** Share of the full rate regained in each second without throttling. */
const REGAINED_PER_SECOND = 0.1;

/**
 * A token bucket that starts full, holds one second of its rate, and gives way when throttled.
 *
 * The rate falls multiplicatively at each `slow()` and climbs back linearly (AIMD). The KPL's
 * limiter has no such reaction. Units: tokens a second; instants in milliseconds.
 */
export class TokenBucket {
  readonly #fullRate: number;
  #rate: number;
  #tokens: number;
  #filledAt: number;

  constructor(perSecond: number, now: number) {
    this.#fullRate = perSecond;
    this.#rate = perSecond;
    this.#tokens = perSecond;
    this.#filledAt = now;
  }

  /** True when `amount` may go now. An amount larger than the bucket goes when it is full. */
  has(amount: number, now: number): boolean {
    this.#fill(now);
    return this.#tokens >= Math.min(amount, this.#rate);
  }

  take(amount: number): void {
    this.#tokens -= amount;
  }

  slow(): void {
    this.#rate = Math.max(this.#fullRate * LEAST_SHARE, this.#rate * SLOWED_TO);
    this.#tokens = Math.min(this.#tokens, 0);
  }

  #fill(now: number): void {
    const seconds = (now - this.#filledAt) / 1000;
    this.#rate = Math.min(
      this.#fullRate,
      this.#rate + this.#fullRate * REGAINED_PER_SECOND * seconds,
    );
    this.#tokens = Math.min(this.#rate, this.#tokens + this.#rate * seconds);
    this.#filledAt = now;
  }
}
