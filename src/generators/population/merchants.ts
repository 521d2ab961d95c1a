import { exp, ln } from '../numbers/exact-math.ts';
import { AliasTable, Random } from '../numbers/random.ts';
import { channel } from '../simulation/draft.ts';
import { countries } from './countries.ts';

/**
 * A kind of merchant.
 *
 * Units: `weight` share of transactions in percent; `usdMedian` and `sigma` of the lognormal amount;
 * `mix` percent of ecom, pos, atm, moto, recurring; `authOnlyShare` of card-present or ecom sales that
 * reserve an amount first.
 * Source: ISO 18245 for the codes. The numbers are constants of this model.
 */
export interface MerchantCategory {
  readonly mcc: string;
  readonly weight: number;
  readonly usdMedian: number;
  readonly sigma: number;
  readonly mix: readonly number[];
  readonly authOnlyShare: number;
}

const rows = `
  5411 19  32  0.9   8 92   0  0  0  0
  5814 13  11  0.55 12 88   0  0  0  0
  5812 11  28  0.7   6 94   0  0  0  0
  5541  8  38  0.55  0 100  0  0  0  0
  5542  5  40  0.5   0 100  0  0  0  0.6
  5912  5  24  0.8  10 90   0  0  0  0
  5651  4.5 58 0.8  50 50   0  0  0  0
  5311  4  55  0.9  30 70   0  0  0  0
  5999  4  35  0.9  60 38   0  2  0  0
  4111  4  4.5 0.7  15 85   0  0  0  0
  6011  3.5 90 0.6   0  0 100  0  0  0
  5815  3  11  0.6  60  0   0  0 40  0
  5732  2.5 120 1   55 43   0  2  0  0
  5816  2.5 15 0.8  85  0   0  0 15  0
  4899  2.5 16 0.6  10  0   0  0 90  0
  4121  2.5 17 0.6  65 35   0  0  0  0
  4814  2  40  0.6  30  5   0  5 60  0
  4900  2  95  0.6  35  0   0 10 55  0
  5942  1.5 22 0.7  65 35   0  0  0  0
  7997  1  45  0.5  10 25   0  0 65  0
  7011  0.9 210 0.8 55 40   0  5  0  0.4
  6300  0.8 110 0.7 15  0   0 15 70  0
  5947  0.8 50 0.8  55 45   0  0  0  0
  7995  0.7 30 1   100  0   0  0  0  0
  8398  0.6 25 0.9  70  5   0 10 15  0
  4511  0.6 310 0.8 90  4   0  6  0  0`;

/** The categories; a category is known by its place in this list. */
export const merchantCategories: readonly MerchantCategory[] = rows
  .trim()
  .split('\n')
  .map((row) => {
    const [mcc = '', ...numbers] = row.trim().split(/\s+/);
    const [weight = 0, usdMedian = 0, sigma = 0, ...rest] = numbers.map(Number);
    return { mcc, weight, usdMedian, sigma, mix: rest.slice(0, 5), authOnlyShare: rest[5] ?? 0 };
  });

/** Few merchants have most customers: weight 1/rank^s. Source: docs/world.md, check R10. */
const ZIPF_EXPONENT = 1.8;
/** How many cities each country has merchants in. */
const CITIES_PER_COUNTRY = 12;

/** Makes up names, the same for the same number; faker, in practice. */
export interface Namer {
  merchant(number: number): string;
  city(number: number): string;
}

/**
 * All merchants, one column for each property; a merchant is known by its place.
 *
 * `inCountry` lists the merchants of each country; `popularity` picks from that list who is paid once,
 * and `subscribed` who is paid each month: every category has its share, and within it popularity falls
 * with rank.
 */
export interface Merchants {
  readonly count: number;
  readonly country: Uint8Array;
  readonly category: Uint8Array;
  /** Made when first asked for. */
  name(merchant: number): string;
  city(merchant: number): string;
  readonly inCountry: readonly (readonly number[])[];
  readonly popularity: readonly AliasTable[];
  readonly subscribed: readonly AliasTable[];
}

/** A number of merchants, always the same ones for the same key and namer; at least one a country. */
export function merchants(
  count: number,
  key: number,
  namer: Namer,
  countryWeights: readonly number[],
): Merchants {
  const random = new Random(key, 0x5409);
  const byCountry = new AliasTable(countryWeights);
  const countryIndexes = [...countries.keys()].filter(
    (countryIndex) => (countryWeights[countryIndex] ?? 0) > 0,
  );
  const byCategory = new AliasTable(merchantCategories.map(({ weight }) => weight));
  const country = new Uint8Array(count);
  const category = new Uint8Array(count);
  const inCountry: number[][] = countries.map(() => []);
  const cityOf = new Uint16Array(count);
  for (let merchant = 0; merchant < count; merchant += 1) {
    const drawn = byCountry.pick(random.bits());
    // The first ones go to one country each, so that a traveller finds a shop everywhere.
    const countryIndex = countryIndexes[merchant] ?? drawn;
    country[merchant] = countryIndex;
    category[merchant] = byCategory.pick(random.bits());
    inCountry[countryIndex]?.push(merchant);
    cityOf[merchant] = countryIndex * CITIES_PER_COUNTRY + random.below(CITIES_PER_COUNTRY);
  }
  const tables = (part: Part) =>
    inCountry.map((list) => new AliasTable(weights(list, category, part)));
  const popularity = tables((percent) => 100 - percent);
  const subscribed = tables((percent) => percent);
  const name = remembered(namer.merchant);
  const cityName = remembered(namer.city);
  const city = (merchant: number): string => cityName(cityOf[merchant] as number);
  return { count, country, category, name, city, inCountry, popularity, subscribed };
}

/** The same function, which makes each text once. */
function remembered(make: (number: number) => string): (number: number) => string {
  const known: (string | undefined)[] = [];
  return (number) => {
    const text = known[number] ?? make(number);
    known[number] = text;
    return text;
  };
}

/** Which part of a category's transactions is meant, by the percentage that recurs. */
type Part = (recurringPercent: number) => number;

/** Each category's share, split among its merchants by rank. */
function weights(list: readonly number[], category: Uint8Array, part: Part): readonly number[] {
  const seen = new Map<number, number>();
  const parts = list.map((merchant) => {
    const kind = category[merchant] as number;
    const rank = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, rank);
    return exp(-ZIPF_EXPONENT * ln(rank));
  });
  const totals = new Map<number, number>();
  for (const [countryIndex, merchant] of list.entries()) {
    const kind = category[merchant] as number;
    totals.set(kind, (totals.get(kind) ?? 0) + (parts[countryIndex] as number));
  }
  return list.map((merchant, countryIndex) => {
    const kind = category[merchant] as number;
    const { weight = 0, mix = [] } = merchantCategories[kind] ?? {};
    const share = weight * part(mix[channel.recurring] ?? 0);
    return (share * (parts[countryIndex] as number)) / (totals.get(kind) as number);
  });
}
