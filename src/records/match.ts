import type { ErrorKind } from './error-kind.ts';

/**
 * A transaction that was put, and what the pipeline said about it first.
 *
 * Without `error` there is a `score`. `expected` is the score that the offline model gives by the features
 * that we computed, `recomputed` by those that the verdict brought along; NaN where nobody knows. `isFraud` and `scenario` are the truth, kept on this side.
 * Units: instants are epoch milliseconds UTC. `acknowledgedAt` is NaN for a put that was never
 * acknowledged; `arrivedAt` is when the stream of verdicts took the verdict, `readAt` when we saw it.
 */
export interface Match {
  readonly id: string;
  readonly cardId: string;
  /** When it happened, by the verdict; epoch milliseconds UTC. */
  readonly eventAt: number;
  readonly dueAt: number;
  readonly acknowledgedAt: number;
  readonly arrivedAt: number;
  readonly readAt: number;
  readonly score: number;
  readonly error: ErrorKind | undefined;
  readonly expected: number;
  readonly recomputed: number;
  readonly isFraud: boolean | undefined;
  readonly scenario: string | undefined;
  /** That of the merchant. */
  readonly country: string | undefined;
  readonly isLate: boolean;
}

/** What is known on this side of a transaction that the pipeline took, and never judged. */
export type Unjudged = Pick<Match, 'isFraud' | 'scenario' | 'country'>;
