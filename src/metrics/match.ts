/** Kinds of trouble that the correlation gives example ids for. */
export const correlationTroubles = [
  'missing',
  'undelivered',
  'late',
  'unscored',
  'rejected',
  'duplicate',
  'contradicting',
  'out_of_order',
  'unknown',
] as const;

export type CorrelationTrouble = (typeof correlationTroubles)[number];

/**
 * Correlation counts: outcomes of the transactions that were put.
 *
 * Conservation, at every moment:
 *
 *     sent = matched + late + unscored + rejected + undelivered + missing + silent + outstanding
 *
 * `matched` have a score in time, `late` one after that, `unscored` a verdict with an error, `rejected`
 * only a dead letter, `undelivered` never reached the stream, `missing` were acknowledged and have neither verdict
 * nor dead letter, `outstanding` may still come, `silent` are those of a pipeline that sends alerts only and sent
 * none: `missing` is then NaN, since nobody can tell; of these `overdue` should have come by now. The others count
 * verdicts. Duplicates are `identical` or `contradicting`: those after the first of a transaction, `oursTwice` those
 * of them whose transaction we may have put twice; `outOfOrder` came after the verdict of a later transaction of the
 * same card (RFC 4737); `unknown` are about nothing that we sent. `repeatedIds` were sent again by us.
 */
export interface CorrelationCounts {
  readonly sent: number;
  readonly acknowledged: number;
  readonly matched: number;
  readonly late: number;
  readonly unscored: number;
  readonly rejected: number;
  readonly undelivered: number;
  readonly missing: number;
  /** Absent where the pipeline says something of every transaction. */
  readonly silent?: number;
  readonly outstanding: number;
  readonly overdue: number;
  readonly identical: number;
  readonly contradicting: number;
  readonly oursTwice: number;
  readonly outOfOrder: number;
  readonly unknown: number;
  readonly repeatedIds: number;
  /** All but what may still come in time, and what never reached the stream. */
  readonly settled: number;
  readonly examples: Readonly<Record<CorrelationTrouble, readonly string[]>>;
}

/**
 * A transaction and its first verdict.
 *
 * Without `error` there is a `score`, or a decision; `score` is NaN without one. `expected` is the score that the
 * offline model gives by the features that we computed, `recomputed` by those that the verdict brought along; NaN
 * where unknown. `isFraud` and `scenario` are the truth, kept on this side. Units: instants are epoch milliseconds
 * UTC. `acknowledgedAt` is NaN for a put that was never acknowledged; `arrivedAt` is when the stream of verdicts took
 * the verdict, `readAt` when we saw it.
 */
export interface Match {
  readonly id: string;
  /** By the verdict; undefined where it names none. */
  readonly cardId: string | undefined;
  /** When it happened, by the verdict; epoch milliseconds UTC, NaN where it does not say. */
  readonly eventAt: number;
  readonly dueAt: number;
  readonly acknowledgedAt: number;
  readonly arrivedAt: number;
  readonly readAt: number;
  readonly score: number;
  /** What the pipeline takes it for; undefined where only its score says so. */
  readonly isFraudPredicted?: boolean | undefined;
  /** A kind of ours, or what a pipeline of others says. */
  readonly error: string | undefined;
  readonly expected: number;
  readonly recomputed: number;
  readonly isFraud: boolean | undefined;
  readonly scenario: string | undefined;
  /** That of the merchant. */
  readonly country: string | undefined;
  readonly isLate: boolean;
}

/** A transaction that the pipeline took and that has no verdict. */
export interface Unjudged extends Pick<Match, 'isFraud' | 'scenario' | 'country'> {
  /** The pipeline sends alerts only, and by sending none it takes the transaction to be genuine. */
  readonly isSilent: boolean;
}
