import type { EncodedTransaction } from './encoded-transaction.ts';
import type { HistoryFeature } from './key-history.ts';

/** The record of a transaction in the ring of its address: offsets of its numbers. */
export const ipRecord = { card: 1, isDeclined: 2, width: 3 } as const;

const { card, isDeclined } = ipRecord;

/** The features of the address's past, by name. */
export const ipFeatures: Readonly<Record<string, HistoryFeature>> = {
  ip_count_1h: (history, _facts, windowMs) => history.count(windowMs),
  ip_cards_1h: (history, encoded, windowMs) => history.distinct(windowMs, card, encoded.card),
  ip_cards_24h: (history, encoded, windowMs) => history.distinct(windowMs, card, encoded.card),
  ip_declines_1h: (history, _facts, windowMs) => history.countOf(windowMs, isDeclined, 1),
};

/** Writes the transaction into its record. */
export function writeIpRecord(ring: Float64Array, at: number, encoded: EncodedTransaction): void {
  ring[at + card] = encoded.card;
  ring[at + isDeclined] = Number(encoded.isDeclined);
}
