import { exp } from '../numbers/exact-math.ts';
import { AliasTable, hash, Random, unitOf } from '../numbers/random.ts';
import { homeCity } from './cities.ts';
import { cardProducts, productsIn } from './issuers.ts';

/** Cards differ in how often and how much they pay. Sigma of both lognormals; constants of this model. */
const ACTIVITY_SIGMA = 0.8;
export const cardSpendSigma = 0.45;
const HOUSEHOLD_SALT = 51;
const REISSUE_SALT = 52;
/** The oldest account of the world at its start, in days: ten years. */
const OLDEST_DAYS = 3650;

/**
 * All cards, one column for each property; a card is known by its place.
 *
 * Shapes: 17 bytes a card; whatever else a card has is derived from its number when asked for.
 * Units: `ageDays` of the account when the world starts; `spend` factor on amounts;
 * `activity` relative number of transactions.
 */
export interface Cards {
  readonly count: number;
  readonly country: Uint8Array;
  readonly city: Uint16Array;
  readonly product: Uint16Array;
  readonly last4: Uint16Array;
  readonly ageDays: Uint16Array;
  readonly spend: Float32Array;
  readonly activity: Float32Array;
}

/** The last four digits of a card that took the place of another so many times. */
export function last4Of(card: number, reissues: number, { last4 }: Cards): number {
  const first = last4[card] as number;
  if (reissues === 0) return first;
  return Math.floor(unitOf(hash(REISSUE_SALT, card, reissues)) * 10_000);
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
  const byProduct = productsIn.map(
    (products) => new AliasTable(products.map((product) => cardProducts[product]?.weight ?? 0)),
  );
  const columns = {
    count,
    country: new Uint8Array(count),
    city: new Uint16Array(count),
    product: new Uint16Array(count),
    last4: new Uint16Array(count),
    ageDays: new Uint16Array(count),
    spend: new Float32Array(count),
    activity: new Float32Array(count),
  };
  for (let card = 0; card < count; card += 1) {
    const household = householdOf(card, rule);
    const drawn = byCountry.pick(random.bits());
    const isShared = household < card;
    const country = isShared ? (columns.country[household] as number) : drawn;
    columns.country[card] = country;
    const city = homeCity(country, random.bits());
    columns.city[card] = isShared ? (columns.city[household] as number) : city;
    const product = (byProduct[country] as AliasTable).pick(random.bits());
    columns.product[card] = productsIn[country]?.[product] as number;
    columns.last4[card] = random.below(10_000);
    columns.ageDays[card] = random.below(OLDEST_DAYS);
    columns.spend[card] = exp(random.normal() * cardSpendSigma);
    columns.activity[card] = exp(random.normal() * ACTIVITY_SIGMA);
  }
  return columns;
}
