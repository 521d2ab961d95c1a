import { Breaker } from '../limits/breaker.ts';
import type { Limiter } from '../limits/limiter.ts';
import { isOutage } from '../limits/retry.ts';
import type { Trouble } from '../trouble.ts';
import type { Flight } from './flight.ts';
import type { OwnBound } from './held-back.ts';

/** What a request must pass: a place under the limit, and a closed breaker. Both learn from its end. */
export class Gate {
  readonly breaker: Breaker = new Breaker();
  readonly #limiter: Limiter;
  readonly #capacity: number;

  constructor(limiter: Limiter, capacity: number) {
    this.#limiter = limiter;
    this.#capacity = capacity;
  }

  get limit(): number {
    return this.#limiter.limit;
  }

  lets(inFlight: number, now: number): boolean {
    return inFlight < this.limit && now >= this.#limiter.pausedUntil && this.breaker.lets(now);
  }

  /** The bound of ours that so many under way have reached; a pause and an open breaker are the endpoint's doing. */
  boundReached(inFlight: number, now: number): OwnBound | undefined {
    const { limit, pausedUntil } = this.#limiter;
    if (inFlight < limit || now < pausedUntil || this.breaker.isOpen) return undefined;
    return limit < this.#capacity ? 'limit' : 'capacity';
  }

  sent(): void {
    this.breaker.sent();
  }

  /** A request is over, and so many others are under way. */
  answered({ sentAt }: Flight, trouble: Trouble | undefined, inFlight: number, now: number): void {
    const wasOutage = trouble !== undefined && isOutage(trouble);
    const result = trouble?.kind === 'throttled' ? 'throttled' : wasOutage ? 'failed' : 'answered';
    this.#limiter.add({ result, durationMs: now - sentAt, inFlight }, now);
    this.breaker.answered(wasOutage, sentAt, now);
  }
}
