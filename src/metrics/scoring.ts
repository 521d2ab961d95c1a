import { per } from '../text/format.ts';
import {
  type ErrorKind,
  endOf,
  type ScoreTrace,
  type ScoringOutcome,
} from '../transactions/scoring-outcome.ts';
import { Latency, type LatencySummary } from './latency.ts';
import { type CodeCount, Reasons, Tally } from './tally.ts';

/** Figures of the circuit breaker. */
export interface BreakerSummary {
  readonly opens: number;
  readonly openMs: number;
}

/** Time in which due transactions waited for a free slot: under the adaptive limit, or in the whole capacity. */
export interface AdmissionWaitSummary {
  readonly limitMs: number;
  readonly capacityMs: number;
}

/** Figures of what kept requests from being sent. */
export interface BoundsSummary {
  readonly breaker: BreakerSummary;
  readonly admissionWait: AdmissionWaitSummary;
}

/** No request was kept back. */
export const unbounded: BoundsSummary = {
  breaker: { opens: 0, openMs: 0 },
  admissionWait: { limitMs: 0, capacityMs: 0 },
};

/** Sent this long after it was due, a transaction was late. */
const LATE_MS = 10;

/**
 * Scoring of the transactions of one run.
 *
 * Conservation: `transactions = scored + failed + unscored`; failed ones were sent at least once.
 * `service` is the time of the requests. `response` runs from the instant a transaction was due to its
 * score, so that coordinated omission hides no stall. `slip` runs from due to first sent. Latencies
 * leave out what was due in the warm-up.
 * `dropped` were never sent in time, `late` were sent more than 10 ms after they were due.
 * `retries` are requests after the first of a batch, `splits` parts of refused batches.
 * `warmUpTransactions` were due in the warm-up: where all were, nothing was measured. A run
 * without a rate that ends within its warm-up is measured whole, and `warmUpSeconds` is 0.
 */
export interface ScoringSummary {
  readonly durationSeconds: number;
  readonly transactions: number;
  readonly scored: number;
  readonly failed: number;
  readonly unscored: number;
  readonly dropped: number;
  readonly late: number;
  readonly transactionsPerSecond: number;
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly rowsPerRequest: number;
  readonly retries: number;
  readonly splits: number;
  readonly requestErrors: readonly CodeCount[];
  readonly failuresByKind: readonly CodeCount[];
  readonly unscoredByKind: readonly CodeCount[];
  readonly reasons: readonly CodeCount[];
  readonly inFlightMean: number;
  readonly inFlightMost: number;
  readonly limitLeast: number;
  readonly limitMost: number;
  readonly limitLast: number;
  readonly breaker: BreakerSummary;
  readonly admissionWait: AdmissionWaitSummary;
  readonly warmUpSeconds: number;
  readonly warmUpTransactions: number;
  readonly service: LatencySummary;
  readonly response: LatencySummary;
  readonly slip: LatencySummary;
}

/** Reasons listed in a summary, the most frequent ones. */
export const REASONS_TOLD = 5;

/** The three latencies of one span of time. */
class Latencies {
  readonly service: Latency = new Latency();
  readonly response: Latency = new Latency();
  readonly slip: Latency = new Latency();
}

/** Folds outcomes and request traces into the figures of a scoring. */
export class Scoring {
  scored: number = 0;
  failed: number = 0;
  unscored: number = 0;
  retries: number = 0;
  inFlight: number = 0;
  limit: number = 0;
  readonly #measuredFrom: number;
  readonly #warmUpMs: number;
  readonly #requestErrors = new Tally();
  readonly #failures = new Tally();
  readonly #unscored = new Tally();
  readonly #reasons = new Reasons();
  readonly #isPaced: boolean;
  readonly #measured = new Latencies();
  readonly #warmUp = new Latencies();
  #measuredTransactions = 0;
  #late = 0;
  #requests = 0;
  #rows = 0;
  #splits = 0;
  #inFlightSum = 0;
  #inFlightMost = 0;
  #limitLeast = Number.POSITIVE_INFINITY;
  #limitMost = 0;

  /** Latencies are measured `warmUpMs` after the start, which is in epoch milliseconds. */
  constructor(startedAt: number, warmUpMs: number, isPaced = true) {
    this.#isPaced = isPaced;
    this.#measuredFrom = startedAt + warmUpMs;
    this.#warmUpMs = warmUpMs;
  }

  add(outcomes: readonly ScoringOutcome[]): void {
    for (const outcome of outcomes) {
      const { dueAt, sentAt, settledAt, error } = outcome;
      if (sentAt - dueAt > LATE_MS) this.#late += 1;
      if (error !== undefined) this.#addTroubled(outcome, error);
      else this.scored += 1;
      if (!(dueAt < this.#measuredFrom)) this.#measuredTransactions += 1;
      if (Number.isNaN(sentAt)) continue;
      const latencies = this.#latenciesAt(dueAt);
      latencies.slip.add(sentAt - dueAt);
      if (error === undefined) latencies.response.add(settledAt - dueAt);
    }
  }

  addRequest({
    sentAt,
    durationMs,
    rows,
    attempt,
    isSplit,
    error,
    inFlight,
    limit,
  }: ScoreTrace): void {
    this.#requests += 1;
    this.#rows += rows;
    if (attempt > 1) this.retries += 1;
    else if (isSplit) this.#splits += 1;
    if (error !== undefined) this.#requestErrors.add(error);
    this.#latenciesAt(sentAt).service.add(durationMs);
    this.inFlight = inFlight;
    this.limit = limit;
    this.#inFlightSum += inFlight;
    this.#inFlightMost = Math.max(this.#inFlightMost, inFlight);
    this.#limitLeast = Math.min(this.#limitLeast, limit);
    this.#limitMost = Math.max(this.#limitMost, limit);
  }

  /** The figures after `durationSeconds` of running. */
  summary(durationSeconds: number, bounds: BoundsSummary): ScoringSummary {
    const { scored, failed, unscored } = this;
    const transactions = scored + failed + unscored;
    const isWhole = !this.#isPaced && this.#measuredTransactions === 0;
    const { service, response, slip } = isWhole ? this.#warmUp : this.#measured;
    const unscoredByKind = this.#unscored.summary();
    const perSecond = (count: number): number => per(count, durationSeconds);
    const perRequest = (sum: number): number => per(sum, this.#requests);
    const limited = (limit: number): number => (this.#requests > 0 ? limit : Number.NaN);
    return {
      durationSeconds,
      transactions,
      scored,
      failed,
      unscored,
      dropped: unscoredByKind.find(({ code }) => code === 'dropped')?.count ?? 0,
      late: this.#late,
      transactionsPerSecond: perSecond(scored),
      requests: this.#requests,
      requestsPerSecond: perSecond(this.#requests),
      rowsPerRequest: perRequest(this.#rows),
      retries: this.retries,
      splits: this.#splits,
      requestErrors: this.#requestErrors.summary(),
      failuresByKind: this.#failures.summary(),
      unscoredByKind,
      reasons: this.#reasons.summary(REASONS_TOLD),
      inFlightMean: perRequest(this.#inFlightSum),
      inFlightMost: this.#inFlightMost,
      limitLeast: limited(this.#limitLeast),
      limitMost: limited(this.#limitMost),
      limitLast: limited(this.limit),
      ...bounds,
      warmUpSeconds: isWhole ? 0 : this.#warmUpMs / 1000,
      warmUpTransactions: transactions - this.#measuredTransactions,
      service: service.summary(),
      response: response.summary(),
      slip: slip.summary(),
    };
  }

  #latenciesAt(at: number): Latencies {
    return at < this.#measuredFrom ? this.#warmUp : this.#measured;
  }

  #addTroubled(outcome: ScoringOutcome, error: ErrorKind): void {
    const isFailed = endOf(outcome) === 'failed';
    if (isFailed) this.failed += 1;
    else this.unscored += 1;
    (isFailed ? this.#failures : this.#unscored).add(error);
    this.#reasons.add(`${error}: ${outcome.reason ?? ''}`);
  }
}
