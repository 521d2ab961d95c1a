import { hash, unitOf } from '../numbers/random.ts';
import { countries } from './countries.ts';

/**
 * What a bank issues: the first digits, the brand and the kind of card.
 *
 * `country` and `issuer` say whose it is; `foreignFee` is what the issuer adds to a purchase in another currency.
 */
export interface CardProduct {
  readonly bin: string;
  readonly brand: Brand;
  readonly type: CardType;
  readonly country: number;
  readonly issuer: number;
  readonly foreignFee: number;
  readonly weight: number;
}

type Brand = 'visa' | 'mastercard' | 'amex' | 'discover';
type CardType = 'credit' | 'debit' | 'prepaid';

/** Issuers of a country by its share of cards; at least the last. */
const ISSUERS = [
  [30, 10],
  [7, 7],
  [3, 5],
  [0, 4],
] as const;
/** Large banks have most cards: weight 1/rank. */
const PREPAID = 0.04;
const AMEX = 0.04;
const DISCOVER = 0.04;
/** Where credit cards are as usual as debit cards. */
const CREDIT_COUNTRIES = ['US', 'CA', 'JP', 'KR', 'BR', 'AU'];
const FOREIGN_FEES = [0, 0.01, 0.015, 0.02, 0.0275, 0.03];
/** What the first digits of a brand are. Source: ISO/IEC 7812 and the ranges that the brands publish. */
const PREFIXES: Readonly<Record<Brand, readonly string[]>> = {
  visa: ['4'],
  mastercard: ['51', '52', '53', '54', '55', '23', '24', '25', '26'],
  amex: ['34', '37'],
  discover: ['6011', '65'],
};
const VISA_FIRST = ['visa', 'mastercard'] as const;
const MASTERCARD_FIRST = ['mastercard', 'visa'] as const;
/** The two brands of a bank, by its rank. */
const BRANDS = [VISA_FIRST, VISA_FIRST, MASTERCARD_FIRST, VISA_FIRST, MASTERCARD_FIRST];
const BIN_SALT = 71;
const DIGITS = 6;

/**
 * All products; a product is known by its place in this list.
 *
 * Every BIN belongs to one issuer of one country. The digits are drawn within the ranges of the brand: who
 * has such a BIN in life is chance.
 */
export const cardProducts: readonly CardProduct[] = madeProducts();

/** The products of each country, by their places in the list. */
export const productsIn: readonly (readonly number[])[] = countries.map((_, country) =>
  [...cardProducts.keys()].filter((product) => cardProducts[product]?.country === country),
);

function madeProducts(): CardProduct[] {
  const taken = new Set<string>();
  let issuer = 0;
  return countries.flatMap(({ code, weight }, country) => {
    const count = issuersOf(weight);
    const products: CardProduct[] = [];
    const add = (brand: Brand, type: CardType, share: number): void => {
      const foreignFee = foreignFeeOf(issuer);
      const bin = newBin(brand, taken);
      products.push({ bin, brand, type, country, issuer, foreignFee, weight: share });
    };
    const credit = creditOf(code);
    for (let rank = 1; rank <= count; rank += 1) {
      issuer += 1;
      const [brand, other] = BRANDS[rank % BRANDS.length] ?? VISA_FIRST;
      const share = 1 / rank;
      add(brand, 'debit', share * (1 - credit - PREPAID));
      add(brand, 'credit', share * credit * 0.7);
      // Many issue a second brand to those who want it.
      add(other, 'credit', share * credit * 0.3);
      if (rank <= 3) add(brand, 'prepaid', share * PREPAID);
    }
    const total = products.reduce((sum, product) => sum + product.weight, 0);
    issuer += 1;
    add('amex', 'credit', total * AMEX);
    issuer += 1;
    if (code === 'US') add('discover', 'credit', total * DISCOVER);
    return products;
  });
}

function creditOf(code: string): number {
  return CREDIT_COUNTRIES.includes(code) ? 0.48 : 0.3;
}

function issuersOf(weight: number): number {
  return ISSUERS.find(([least]) => weight >= least)?.[1] ?? 0;
}

/** Always the same for the same issuer. */
function foreignFeeOf(issuer: number): number {
  const draw = unitOf(hash(BIN_SALT, issuer, 1));
  return FOREIGN_FEES[Math.floor(draw * FOREIGN_FEES.length)] ?? 0;
}

function newBin(brand: Brand, taken: Set<string>): string {
  for (let tries = 0; ; tries += 1) {
    const draw = hash(BIN_SALT, taken.size, 100 + tries);
    const prefixes = PREFIXES[brand];
    const prefix = prefixes[Math.floor(unitOf(draw) * prefixes.length)] as string;
    const rest = 10 ** (DIGITS - prefix.length);
    const digits = Math.floor(unitOf(hash(draw, 2, 0)) * rest);
    const bin = prefix + String(digits).padStart(DIGITS - prefix.length, '0');
    if (taken.has(bin)) continue;
    taken.add(bin);
    return bin;
  }
}
