/** Share of its rate that a throttled bucket keeps, and the smallest share of the full rate. */
const SLOWED_TO = 0.8;
const LEAST_SHARE = 0.1;
/** A bucket slows down at most so often: what was accepted is known a second at a time. */
const SLOW_EVERY_MS = 1_000;
/** Share of the full rate regained in each second without throttling. */
const REGAINED_PER_SECOND = 0.1;
/**
 * The rate stays above this multiple of what was accepted in the best of the last seconds.
 *
 * So half of the entries may be refused for whatever reason and the shard's demand still passes;
 * a shard that is over its limit refuses at most half of what is sent.
 */
const OVER_ACCEPTED = 2;
const SECONDS_REMEMBERED = 5;

/**
 * Token bucket of a shard: starts full, has one second of its rate, and slows down when throttled.
 *
 * The rate falls multiplicatively at each `slow()` and climbs back linearly (AIMD). The KPL's
 * limiter has no such reaction. Units: tokens a second; instants in milliseconds.
 */
export class TokenBucket {
  readonly #fullRate: number;
  readonly #accepted: AcceptedPerSecond = new AcceptedPerSecond();
  #rate: number;
  #tokens: number;
  #filledAt: number;
  #slowedAt = Number.NEGATIVE_INFINITY;

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

  /** Counts what the shard accepted. */
  accepted(amount: number, now: number): void {
    this.#accepted.add(amount, now);
  }

  slow(now: number): void {
    if (now - this.#slowedAt < SLOW_EVERY_MS) return;
    this.#slowedAt = now;
    this.#fill(now);
    const leastRate = Math.max(
      this.#fullRate * LEAST_SHARE,
      OVER_ACCEPTED * this.#accepted.best(now),
    );
    this.#rate = Math.min(this.#rate, Math.max(leastRate, this.#rate * SLOWED_TO));
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

/** What was accepted in each of the last seconds. */
class AcceptedPerSecond {
  readonly #amounts = new Float64Array(SECONDS_REMEMBERED);
  #second = 0;

  add(amount: number, now: number): void {
    this.#forget(now);
    const index = this.#second % SECONDS_REMEMBERED;
    this.#amounts[index] = (this.#amounts[index] as number) + amount;
  }

  best(now: number): number {
    this.#forget(now);
    return Math.max(...this.#amounts);
  }

  #forget(now: number): void {
    const second = Math.floor(now / 1000);
    const passed = Math.min(SECONDS_REMEMBERED, second - this.#second);
    for (let back = 0; back < passed; back += 1) {
      this.#amounts[(second - back) % SECONDS_REMEMBERED] = 0;
    }
    this.#second = second;
  }
}
