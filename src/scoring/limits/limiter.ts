/** What one request says about the endpoint. `inFlight` are the others under way when it ended. */
export interface Sample {
  readonly result: 'answered' | 'throttled' | 'failed';
  readonly durationMs: number;
  readonly inFlight: number;
}

/** How many requests may be under way. Before `pausedUntil` (epoch milliseconds) none may begin. */
export interface Limiter {
  readonly limit: number;
  readonly pausedUntil: number;
  add(sample: Sample, now: number): void;
}

/** As many as said, whatever the endpoint answers. */
export function fixedLimit(limit: number): Limiter {
  return { limit, pausedUntil: Number.NEGATIVE_INFINITY, add: () => undefined };
}
