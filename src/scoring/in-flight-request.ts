import type { ScoreTrace } from '../transactions/scoring-outcome.ts';
import type { Batch } from './batch-queue.ts';
import type { ScoringError } from './errors.ts';
import type { ScoreRequest } from './score-client.ts';

/** A request under way, with the load and the limit at the moment of sending. */
export interface InFlightRequest {
  readonly batch: Batch;
  readonly call: ScoreRequest;
  readonly sentAt: number;
  readonly timeoutAt: number;
  readonly limit: number;
  readonly inFlight: number;
}

/** Marks one more attempt of a batch and its transactions. */
export function departed(batch: Batch, now: number): void {
  batch.attempts += 1;
  for (const row of batch.rows) {
    row.attempts += 1;
    if (Number.isNaN(row.sentAt)) row.sentAt = now;
    if (Number.isNaN(row.dueAt)) row.dueAt = now;
  }
}

/** Gives up waiting for the answers that are overdue. */
export function timeOut(flights: Iterable<InFlightRequest>, now: number): void {
  for (const { call, timeoutAt, sentAt } of flights) {
    if (timeoutAt <= now) call.abort('timeout', `no answer in ${Math.round(now - sentAt)} ms`);
  }
}

/** A request that is over, as the report sees it. */
export function traceOf(
  { batch, sentAt, inFlight, limit }: InFlightRequest,
  trouble: ScoringError | undefined,
  now: number,
): ScoreTrace {
  return {
    sentAt,
    durationMs: now - sentAt,
    rows: batch.rows.length,
    attempt: batch.attempts,
    isSplit: batch.isSplit,
    error: trouble?.kind,
    inFlight,
    limit,
  };
}
