import { exp } from '../numbers/exact-math.ts';
import { AliasTable, hash, Random, unitOf } from '../numbers/random.ts';

/** What a bank issues: the first digits, the brand and the kind of card. */
export interface CardProduct {
  readonly bin: string;
  readonly brand: string;
  readonly type: 'credit' | 'debit' | 'prepaid';
  readonly weight: number;
}

/**
 * The products; a product is known by its place in this list.
 *
 * Only the first digits of test cards that payment providers publish (Stripe, Adyen, PayPal) are
 * used. Weights in percent are constants of this model.
 */
export const cardProducts: readonly CardProduct[] = [
  { bin: '411111', brand: 'visa', type: 'debit', weight: 32 },
  { bin: '424242', brand: 'visa', type: 'credit', weight: 20 },
  { bin: '400000', brand: 'visa', type: 'prepaid', weight: 3 },
  { bin: '520082', brand: 'mastercard', type: 'debit', weight: 16 },
  { bin: '555555', brand: 'mastercard', type: 'credit', weight: 15 },
  { bin: '510510', brand: 'mastercard', type: 'prepaid', weight: 2 },
  { bin: '222300', brand: 'mastercard', type: 'credit', weight: 4 },
  { bin: '378282', brand: 'amex', type: 'credit', weight: 5 },
  { bin: '601111', brand: 'discover', type: 'credit', weight: 3 },
];

/** Cards differ in how often and how much they pay. Sigma of both lognormals; constants of this model. */
const ACTIVITY_SIGMA = 0.8;
export const cardSpendSigma = 0.45;
const HOUSEHOLD_SALT = 51;
/** The oldest account of the world at its start, in days: ten years. */
const OLDEST_DAYS = 3650;

/**
 * All cards, one column for each property; a card is known by its place.
 *
 * Shapes: 14 bytes a card; whatever else a card has is derived from its number when asked for.
 * Units: `ageDays` of the account when the world starts; `spend` factor on amounts;
 * `activity` relative number of transactions.
 */
export interface Cards {
  readonly count: number;
  readonly country: Uint8Array;
  readonly product: Uint8Array;
  readonly last4: Uint16Array;
  readonly ageDays: Uint16Array;
  readonly spend: Float32Array;
  readonly activity: Float32Array;
}

/** Cards of one household share home and line: every second card with the one before, or with none. */
export function householdOf(card: number, { key, habits }: HouseholdRule): number {
  const isShared =
    card % 2 === 1 && unitOf(hash(key ^ HOUSEHOLD_SALT, card, 0)) < habits.households;
  return isShared ? card - 1 : card;
}

/** What decides who lives together. */
export interface HouseholdRule {
  readonly key: number;
  readonly habits: { readonly households: number };
}

/** A number of cards, always the same ones for the same key; `weights` of the countries. */
export function cards(count: number, rule: HouseholdRule, weights: readonly number[]): Cards {
  const { key } = rule;
  const random = new Random(key, 0xca4d);
  const byCountry = new AliasTable(weights);
  const byProduct = new AliasTable(cardProducts.map(({ weight }) => weight));
  const columns = {
    count,
    country: new Uint8Array(count),
    product: new Uint8Array(count),
    last4: new Uint16Array(count),
    ageDays: new Uint16Array(count),
    spend: new Float32Array(count),
    activity: new Float32Array(count),
  };
  for (let card = 0; card < count; card += 1) {
    const household = householdOf(card, rule);
    const drawn = byCountry.pick(random.bits());
    columns.country[card] = household < card ? (columns.country[household] as number) : drawn;
    columns.product[card] = byProduct.pick(random.bits());
    columns.last4[card] = random.below(10_000);
    columns.ageDays[card] = random.below(OLDEST_DAYS);
    columns.spend[card] = exp(random.normal() * cardSpendSigma);
    columns.activity[card] = exp(random.normal() * ACTIVITY_SIGMA);
  }
  return columns;
}
