import { hash } from '../numbers/hash.ts';
import { Permutation } from '../numbers/permutation.ts';

/** Crockford's base 32: no I, L, O, U. */
const ALPHABET = new TextEncoder().encode('0123456789ABCDEFGHJKMNPQRSTVWXYZ');
const MERCHANT_SALT = 41;
const STAN_SALT = 42;
const AUTH_SALT = 43;
const TWO_32 = 4294967296;

/**
 * Names of things, from their number and the seed by a permutation: never the same for two things,
 * and telling nothing of what it numbers.
 *
 * Shapes: 26 characters for a transaction, 13 for cards, devices and campaigns, each half 64 bits.
 */
export class Identifiers {
  readonly #key: number;
  readonly #transactions: Permutation;
  readonly #tails: Permutation;
  readonly #cards: Permutation;
  readonly #devices: Permutation;
  readonly #campaigns: Permutation;

  constructor(key: number) {
    this.#key = key;
    this.#transactions = new Permutation(hash(key, 1, 0));
    this.#tails = new Permutation(hash(key, 2, 0));
    this.#cards = new Permutation(hash(key, 3, 0));
    this.#devices = new Permutation(hash(key, 4, 0));
    this.#campaigns = new Permutation(hash(key, 5, 0));
  }

  /** Writes 26 characters. */
  writeTransaction(bytes: Uint8Array, at: number, sequence: number): void {
    const first = this.#transactions;
    first.apply(Math.floor(sequence / TWO_32), sequence >>> 0);
    writeBase32(bytes, at, first.high, first.low);
    // A second look at the same 64 bits: worlds of other seeds differ in all 128.
    this.#tails.apply(first.low, first.high);
    writeBase32(bytes, at + 13, this.#tails.high, this.#tails.low);
  }

  /** Writes 13 characters, as do the next two. */
  writeCard(bytes: Uint8Array, at: number, card: number): void {
    this.#cards.apply(0, card);
    writeBase32(bytes, at, this.#cards.high, this.#cards.low);
  }

  writeDevice(bytes: Uint8Array, at: number, owner: number, number: number): void {
    this.#devices.apply(owner, number);
    writeBase32(bytes, at, this.#devices.high, this.#devices.low);
  }

  writeCampaign(bytes: Uint8Array, at: number, campaign: number): void {
    this.#campaigns.apply(Math.floor(campaign / TWO_32), campaign >>> 0);
    writeBase32(bytes, at, this.#campaigns.high, this.#campaigns.low);
  }

  /** The trace number of a terminal, from 1 to 999 999. */
  stan(sequence: number): number {
    return 1 + (hash(this.#key ^ STAN_SALT, sequence >>> 0, sequence / TWO_32) % 999_999);
  }

  /** 30 bits, for the 6 characters of an approval. */
  authCode(sequence: number): number {
    return hash(this.#key ^ AUTH_SALT, sequence >>> 0, sequence / TWO_32) >>> 2;
  }

  /** From 0 to 67 108 863, different for each of 16 terminals of each of 4 million merchants. */
  terminal(merchant: number, terminal: number): number {
    // An odd factor and a shifted xor permute 26 bits.
    const number = ((merchant & 0x3fffff) << 4) | terminal;
    const spread = Math.imul(number ^ (number >>> 13), 0x9e3779b1) & 0x3ffffff;
    return spread ^ (hash(this.#key, MERCHANT_SALT, 0) & 0x3ffffff);
  }
}

/** Writes 6 characters of 5 bits each. */
export function writeAuthCode(bytes: Uint8Array, at: number, code: number): void {
  for (let place = 0; place < 6; place += 1) {
    bytes[at + place] = ALPHABET[(code >>> (25 - 5 * place)) & 31] as number;
  }
}

/** Writes 64 bits as 13 characters, the first of which has 4 bits. */
function writeBase32(bytes: Uint8Array, at: number, high: number, low: number): void {
  bytes[at] = ALPHABET[high >>> 28] as number;
  bytes[at + 1] = ALPHABET[(high >>> 23) & 31] as number;
  bytes[at + 2] = ALPHABET[(high >>> 18) & 31] as number;
  bytes[at + 3] = ALPHABET[(high >>> 13) & 31] as number;
  bytes[at + 4] = ALPHABET[(high >>> 8) & 31] as number;
  bytes[at + 5] = ALPHABET[(high >>> 3) & 31] as number;
  bytes[at + 6] = ALPHABET[((high & 7) << 2) | (low >>> 30)] as number;
  bytes[at + 7] = ALPHABET[(low >>> 25) & 31] as number;
  bytes[at + 8] = ALPHABET[(low >>> 20) & 31] as number;
  bytes[at + 9] = ALPHABET[(low >>> 15) & 31] as number;
  bytes[at + 10] = ALPHABET[(low >>> 10) & 31] as number;
  bytes[at + 11] = ALPHABET[(low >>> 5) & 31] as number;
  bytes[at + 12] = ALPHABET[low & 31] as number;
}
