/** Every trouble that a correlation can name a transaction for. */
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
 * What became of the transactions that were put, by the verdicts that came.
 *
 * Conservation, at every moment:
 *
 *     sent = matched + late + unscored + rejected + undelivered + missing + outstanding
 *
 * `matched` have a score in time, `late` one after that, `unscored` a verdict with an error, `rejected`
 * only a dead letter, `undelivered` never reached the stream, `missing` were acknowledged and never
 * heard of again, `outstanding` may still come; of these `overdue` should have come by now. The others count verdicts: `identical` and
 * `contradicting` are those after the first of a transaction, `oursTwice` those of them whose
 * transaction we may have put twice; `outOfOrder` came after the verdict of a later transaction of
 * the same card (RFC 4737); `unknown` are about nothing that we sent. `repeatedIds` were sent again by us.
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
