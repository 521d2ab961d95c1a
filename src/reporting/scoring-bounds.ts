/** What is known of the circuit breaker. */
export interface BreakerSummary {
  readonly opens: number;
  readonly openMs: number;
}

/** For how long transactions that were due waited for a place under the adaptive limit, or in the whole capacity. */
export interface HeldBackSummary {
  readonly limitMs: number;
  readonly capacityMs: number;
}

/** What kept requests from being sent. */
export interface BoundsSummary {
  readonly breaker: BreakerSummary;
  readonly heldBack: HeldBackSummary;
}

/** Nothing did. */
export const unbounded: BoundsSummary = {
  breaker: { opens: 0, openMs: 0 },
  heldBack: { limitMs: 0, capacityMs: 0 },
};
