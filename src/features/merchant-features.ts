import type { EncodedTransaction } from './encoded-transaction.ts';
import type { KeyHistory } from './key-history.ts';

/** The record of a transaction in the ring of its merchant: offsets of its numbers. */
export const merchantRecord = { bin: 1, isDeclined: 2, width: 3 } as const;

const { bin, isDeclined } = merchantRecord;

/** The last transactions of a merchant: three rings. */
export interface MerchantPast {
  readonly all: KeyHistory;
  readonly refunds: KeyHistory;
  readonly rounds: KeyHistory;
}

/** The features of the last transactions of the merchant, by name. */
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
