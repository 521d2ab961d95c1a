import type { EncodedTransaction } from './encoded-transaction.ts';
import type { KeyHistory } from './key-history.ts';

/** The record of a transaction in the ring of its merchant: offsets of its numbers. */
export const merchantRecord = { bin: 1, isDeclined: 2, width: 3 } as const;

const { bin, isDeclined } = merchantRecord;
/** What is believed of a merchant of whom nothing is known: two frauds in a thousand. */
const PRIOR_FRAUDS = 0.2;
const PRIOR_HANDLED = 100;

/** What is known of a merchant: three rings, and its transactions and reported frauds. */
export interface MerchantPast {
  readonly all: KeyHistory;
  readonly refunds: KeyHistory;
  readonly rounds: KeyHistory;
  handled: number;
  frauds: number;
}

/** The features of the merchant's past, by name. */
export const merchantFeatures: Readonly<
  Record<string, (history: MerchantPast, encoded: EncodedTransaction, windowMs: number) => number>
> = {
  merchant_count_10m: ({ all }, _facts, windowMs) => all.count(windowMs),
  merchant_declined_share_1h: ({ all }, _facts, windowMs) =>
    // 0 / 0 is NaN: nothing was seen.
    all.countOf(windowMs, isDeclined, 1) / all.count(windowMs),
  merchant_same_bin_10m: ({ all }, encoded, windowMs) =>
    encoded.bin === 0 ? Number.NaN : all.countOf(windowMs, bin, encoded.bin),
  merchant_refunds_48h: ({ refunds }, _facts, windowMs) => refunds.count(windowMs),
  merchant_round_12h: ({ rounds }, _facts, windowMs) => rounds.count(windowMs),
  merchant_risk: ({ handled, frauds }) => (frauds + PRIOR_FRAUDS) / (handled + PRIOR_HANDLED),
};

/** Writes the transaction into its record. */
export function writeMerchantRecord(
  ring: Float64Array,
  at: number,
  encoded: EncodedTransaction,
): void {
  ring[at + bin] = encoded.bin;
  ring[at + isDeclined] = Number(encoded.isDeclined);
}
