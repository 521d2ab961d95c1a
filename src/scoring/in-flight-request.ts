import type { ScoreTrace } from '../transactions/scoring-outcome.ts';
import type { Batch } from './batch-queue.ts';
import type { ScoringError } from './errors.ts';
import type { ScoreRequest } from './score-client.ts';

/**
 * A request under way, with the load and the limit at the moment of sending.
 *
 * `isCutShort`: the deadline of its transactions comes before the end of its own timeout.
 */
export interface InFlightRequest {
  readonly batch: Batch;
  readonly call: ScoreRequest;
  readonly sentAt: number;
  readonly timeoutAt: number;
  readonly isCutShort: boolean;
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
  for (const { call, timeoutAt, sentAt, isCutShort } of flights) {
    if (timeoutAt > now) continue;
    const left = isCutShort ? ' that were left of --timeout' : '';
    call.abort('timeout', `no answer in ${Math.round(now - sentAt)} ms${left}`);
  }
}

/** A timeout that says nothing of the endpoint: only our own deadline ended the request. */
export function isOwnTimeout(
  { isCutShort }: InFlightRequest,
  trouble: ScoringError | undefined,
): boolean {
  return isCutShort && trouble?.kind === 'timeout';
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

/**
 * The requests under way, in no order.
 *
 * Not a `Set`: one of which members come and go makes a new table every few of them, and each table
 * that reached the old generation keeps alive what was under way when it was replaced. A quarter of
 * all requests then survived to be copied by the next garbage collection.
 */
export class Flights implements Iterable<InFlightRequest> {
  readonly #flights: InFlightRequest[] = [];

  get size(): number {
    return this.#flights.length;
  }

  add(request_: InFlightRequest): void {
    this.#flights.push(request_);
  }

  delete(request_: InFlightRequest): void {
    const place = this.#flights.indexOf(request_);
    if (place < 0) return;
    const last = this.#flights.pop();
    if (last && last !== request_) this.#flights[place] = last;
  }

  [Symbol.iterator](): Iterator<InFlightRequest> {
    return this.#flights[Symbol.iterator]();
  }
}
