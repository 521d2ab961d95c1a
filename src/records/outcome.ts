import type { Candidate } from './candidate.ts';
import type { ErrorKind } from './error-kind.ts';

/**
 * What became of one transaction: scored, failed (it was sent), or unscored (it never was).
 *
 * Every transaction that enters the scoring leaves as exactly one outcome; `ordinal` counts them
 * from 0 as they entered. Without `error` there is a `score`. `reason` is for people.
 * Units: instants are epoch milliseconds UTC with fractions; `sentAt` is the first attempt, NaN
 * where there was none; `dueAt` is NaN for one that was due when sent, and never was.
 */
export interface Outcome {
  readonly candidate: Candidate;
  readonly ordinal: number;
  readonly score: number;
  readonly modelVersion: string | undefined;
  readonly error: ErrorKind | undefined;
  readonly reason: string | undefined;
  readonly attempts: number;
  readonly dueAt: number;
  readonly sentAt: number;
  readonly settledAt: number;
}

/** In which of the three ways a transaction ended. */
export function endOf({ error, attempts }: Outcome): 'scored' | 'failed' | 'unscored' {
  if (error === undefined) return 'scored';
  return attempts > 0 ? 'failed' : 'unscored';
}
