import { hash, unitOf } from '../numbers/hash.ts';

/**
 * The 15 characters by which an acquirer knows a merchant; different for different merchants.
 *
 * A letter stands between the digits, lest anybody takes them for a card number.
 */
export function merchantIdOf(merchant: number, key: number): string {
  const network = String(Math.floor(unitOf(hash(key, merchant, 51)) * 10_000_000)).padStart(7, '0');
  return `${network}M${String(merchant).padStart(7, '0')}`;
}
