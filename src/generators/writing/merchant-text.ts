import { hash, unitOf } from '../numbers/hash.ts';

/** The 15 digits by which an acquirer knows a merchant; different for different merchants. */
export function merchantIdOf(merchant: number, key: number): string {
  const network = String(Math.floor(unitOf(hash(key, merchant, 51)) * 10_000_000)).padStart(7, '0');
  return network + String(merchant).padStart(8, '0');
}
