import type { ErrorKind } from './error-kind.ts';

/**
 * One request to the scoring endpoint as the report sees it.
 *
 * `attempt` counts from 1; `isSplit` marks a part of a batch that was refused as a whole.
 * `inFlight` and `limit` are requests under way and allowed at the moment of sending.
 */
export interface ScoreTrace {
  readonly sentAt: number;
  readonly durationMs: number;
  readonly rows: number;
  readonly attempt: number;
  readonly isSplit: boolean;
  readonly error: ErrorKind | undefined;
  readonly inFlight: number;
  readonly limit: number;
}
