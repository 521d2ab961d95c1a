import { CircuitBreaker } from './circuit-breaker.ts';
import type { ConcurrencyLimit } from './concurrency-limit.ts';
import type { ScoringError } from './errors.ts';
import { type InFlightRequest, isOwnTimeout } from './in-flight-request.ts';
import { isOutage } from './retry-policy.ts';

/** Our own bounds on what is under way: the adaptive limit, and the capacity that it cannot exceed. */
export type OwnBound = 'limit' | 'capacity';

/** For how long transactions that were due waited for a place under a bound of ours, and which. */
export class HeldBack {
  limitMs: number = 0;
  capacityMs: number = 0;
  #bound: OwnBound | undefined;
  #since = Number.NaN;

  /** From now on they wait for a place under this bound, or for nothing of ours. */
  look(bound: OwnBound | undefined, now: number): void {
    if (this.#bound === 'limit') this.limitMs += now - this.#since;
    if (this.#bound === 'capacity') this.capacityMs += now - this.#since;
    this.#bound = bound;
    this.#since = now;
  }
}

/** What a request must pass: a place under the limit, and a closed breaker. Both learn from its end. */
export class Admission {
  readonly breaker: CircuitBreaker = new CircuitBreaker();
  readonly #limiter: ConcurrencyLimit;
  readonly #capacity: number;

  constructor(limiter: ConcurrencyLimit, capacity: number) {
    this.#limiter = limiter;
    this.#capacity = capacity;
  }

  get limit(): number {
    return this.#limiter.limit;
  }

  /** True while the endpoint gets no requests for what it said: it throttled all, or the breaker is open. */
  isShut(now: number): boolean {
    return now < this.#limiter.pausedUntil || this.breaker.isOpen;
  }

  lets(inFlight: number, now: number): boolean {
    return inFlight < this.limit && now >= this.#limiter.pausedUntil && this.breaker.lets(now);
  }

  /** The bound of ours that so many under way have reached; a pause and an open breaker are the endpoint's doing. */
  boundReached(inFlight: number, now: number): OwnBound | undefined {
    const { limit } = this.#limiter;
    if (inFlight < limit || this.isShut(now)) return undefined;
    return limit < this.#capacity ? 'limit' : 'capacity';
  }

  sent(): void {
    this.breaker.sent();
  }

  /** A request is over, and so many others are under way. */
  answered(
    request_: InFlightRequest,
    trouble: ScoringError | undefined,
    inFlight: number,
    now: number,
  ): void {
    const { sentAt } = request_;
    if (isOwnTimeout(request_, trouble)) {
      this.breaker.abandoned(sentAt);
      return;
    }
    const wasOutage = trouble !== undefined && isOutage(trouble);
    const result = trouble?.kind === 'throttled' ? 'throttled' : wasOutage ? 'failed' : 'answered';
    this.#limiter.add({ result, durationMs: now - sentAt, inFlight }, now);
    this.breaker.answered(wasOutage, sentAt, now);
  }
}
