import type { Facts } from './encoded-transaction.ts';
import type { PastFeature } from './key-history.ts';

/** The record of a transaction in the ring of its address: places of its numbers. */
export const ipRecord = { card: 1, isDeclined: 2, width: 3 } as const;

const { card, isDeclined } = ipRecord;

/** The features of the address's past, by name. */
export const ipFeatures: Readonly<Record<string, PastFeature>> = {
  ip_count_1h: (past, _facts, windowMs) => past.count(windowMs),
  ip_cards_1h: (past, facts, windowMs) => past.distinct(windowMs, card, facts.card),
  ip_cards_24h: (past, facts, windowMs) => past.distinct(windowMs, card, facts.card),
  ip_declines_1h: (past, _facts, windowMs) => past.countOf(windowMs, isDeclined, 1),
};

/** Writes the transaction into its place. */
export function writeIpRecord(ring: Float64Array, at: number, facts: Facts): void {
  ring[at + card] = facts.card;
  ring[at + isDeclined] = Number(facts.isDeclined);
}
