import { hash, mix, Permutation, unitOf } from '../numbers/random.ts';

/**
 * The 15 characters by which an acquirer knows a merchant; different for different merchants.
 *
 * A letter stands between the digits, lest anybody takes them for a card number.
 */
export function merchantIdOf(merchant: number, key: number): string {
  const network = String(Math.floor(unitOf(hash(key, merchant, 51)) * 10_000_000)).padStart(7, '0');
  return `${network}M${String(merchant).padStart(7, '0')}`;
}

/** A card of the world, its how manieth, or, with a `stranger` other than 0, a number that no card has. */
export interface CardNumber {
  readonly card: number;
  readonly reissue: number;
  readonly stranger: number;
  readonly strangerLast4: number;
}

/** Crockford's base 32: no I, L, O, U. */
const ALPHABET = new TextEncoder().encode('0123456789ABCDEFGHJKMNPQRSTVWXYZ');
/** Two of its characters as two bytes, the first one low: what a little-endian write puts first. */
const PAIRS = Uint16Array.from({ length: 1024 }, (_, bits) => {
  return (ALPHABET[bits >>> 5] as number) | ((ALPHABET[bits & 31] as number) << 8);
});
const MERCHANT_SALT = 41;
const REISSUED = -(2 ** 30);
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
  readonly key: number;
  readonly #transactions: Permutation;
  readonly #cards: Permutation;
  readonly #devices: Permutation;
  readonly #campaigns: Permutation;

  constructor(key: number) {
    this.key = key;
    this.#transactions = new Permutation(hash(key, 1, 0));
    this.#cards = new Permutation(hash(key, 3, 0));
    this.#devices = new Permutation(hash(key, 4, 0));
    this.#campaigns = new Permutation(hash(key, 5, 0));
  }

  /** Writes 26 characters. */
  writeTransaction(view: DataView, at: number, sequence: number): void {
    const first = this.#transactions;
    first.apply(Math.floor(sequence / TWO_32), sequence | 0);
    writeBase32(view, at, first.high, first.low);
    // A second look at the same 64 bits: worlds of other seeds differ in all 128.
    const tail = mix(first.high ^ this.key);
    writeBase32(view, at + 13, tail, mix(first.low ^ tail));
  }

  /** Writes 13 characters, as do the next two. */
  writeCard(
    view: DataView,
    at: number,
    { card, reissue, stranger, strangerLast4 }: CardNumber,
  ): void {
    if (stranger !== 0) this.#cards.apply(stranger, strangerLast4);
    // Below all strangers, of whom there are as many as cards.
    else this.#cards.apply(reissue === 0 ? 0 : REISSUED - reissue, card);
    writeBase32(view, at, this.#cards.high, this.#cards.low);
  }

  writeDevice(view: DataView, at: number, owner: number, number: number): void {
    this.#devices.apply(owner, number);
    writeBase32(view, at, this.#devices.high, this.#devices.low);
  }

  writeCampaign(view: DataView, at: number, campaign: number): void {
    this.#campaigns.apply(Math.floor(campaign / TWO_32), campaign | 0);
    writeBase32(view, at, this.#campaigns.high, this.#campaigns.low);
  }

  /** The trace number of a terminal, from 1 to 999 999. */
  stan(sequence: number): number {
    return (
      1 + Math.floor(unitOf(hash(this.key ^ STAN_SALT, sequence, sequence / TWO_32)) * 999_999)
    );
  }

  /** 30 bits, for the 6 characters of an approval. */
  authCode(sequence: number): number {
    return hash(this.key ^ AUTH_SALT, sequence, sequence / TWO_32) >>> 2;
  }

  /** From 0 to 67 108 863, different for each terminal of the world; `number` counts them. */
  terminal(number: number): number {
    // An odd factor and a shifted xor permute 26 bits.
    const spread = Math.imul(number ^ (number >>> 13), 0x9e3779b1) & 0x3ffffff;
    return spread ^ (hash(this.key, MERCHANT_SALT, 0) & 0x3ffffff);
  }
}

/** Writes 30 bits as 6 characters. */
export function writeAuthCode(view: DataView, at: number, code: number): void {
  view.setUint16(at, PAIRS[code >>> 20] as number, true);
  write20(view, at + 2, code & 0xfffff);
}

/**
 * Writes 64 bits as 13 characters: the first has 4 of them, the others 5 each.
 *
 * The first is a letter: so many digits in a row could be taken for a card number.
 */
function writeBase32(view: DataView, at: number, high: number, low: number): void {
  view.setUint8(at, PAIRS[((high >>> 28) | 16) << 5] as number);
  write20(view, at + 1, (high >>> 8) & 0xfffff);
  write20(view, at + 5, ((high & 0xff) << 12) | (low >>> 20));
  write20(view, at + 9, low & 0xfffff);
}

/** Writes 20 bits as 4 characters. */
function write20(view: DataView, at: number, bits: number): void {
  const last = PAIRS[bits & 1023] as number;
  view.setUint32(at, (PAIRS[bits >>> 10] as number) | (last << 16), true);
}
