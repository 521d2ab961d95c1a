import type { Clock } from '../stream/clock.ts';
import type { ScoreTrace } from '../transactions/scoring-outcome.ts';

/** What the scoring needs from outside; `observe` sees each request once it is over. */
export interface ScoreDependencies {
  readonly clock: Clock;
  readonly random: () => number;
  readonly observe?: (trace: ScoreTrace) => void;
}

/**
 * How transactions are scored, in the words of Flink's Async I/O.
 *
 * `capacity`: requests under way, with those whose answers wait for their turn. `timeoutMs`: the
 * whole life of a transaction, its retries included, from the instant it was due; unpaced from the
 * one it came, or the last score while it waits for capacity. `requestTimeoutMs`: that of one attempt.
 * `isOrdered`: outcomes leave in the order in which transactions came. A request carries up to
 * `batchRows` transactions and `batchBytes`; the first waits at most `lingerMs` for others. What
 * could not be sent `dropAfterMs` after it was due is dropped. `isPaced`: the due instants are a
 * schedule that nothing here can hold up.
 */
export interface ScoreSettings {
  readonly capacity: number;
  readonly concurrency: 'fixed' | 'adaptive';
  readonly timeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly isOrdered: boolean;
  readonly batchRows: number;
  readonly batchBytes: number;
  readonly lingerMs: number;
  readonly dropAfterMs: number;
  readonly isPaced: boolean;
}

export const scoreDefaults: ScoreSettings = {
  capacity: 100,
  concurrency: 'adaptive',
  timeoutMs: 10_000,
  requestTimeoutMs: 2_000,
  isOrdered: false,
  batchRows: 1,
  batchBytes: 5_242_880,
  lingerMs: 0,
  dropAfterMs: Number.POSITIVE_INFINITY,
  isPaced: false,
};
