import { AliasTable } from '../numbers/alias-table.ts';
import { exp, ln } from '../numbers/exact-math.ts';
import { Random } from '../numbers/random.ts';
import { channel } from '../simulation/codes.ts';
import { countries } from './countries.ts';
import { merchantCategories } from './merchant-categories.ts';

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
  const places = [...countries.keys()].filter((place) => (countryWeights[place] ?? 0) > 0);
  const byCategory = new AliasTable(merchantCategories.map(({ weight }) => weight));
  const country = new Uint8Array(count);
  const category = new Uint8Array(count);
  const inCountry: number[][] = countries.map(() => []);
  const cityOf = new Uint16Array(count);
  for (let merchant = 0; merchant < count; merchant += 1) {
    const drawn = byCountry.pick(random.bits());
    // The first ones go to one country each, so that a traveller finds a shop everywhere.
    const place = places[merchant] ?? drawn;
    country[merchant] = place;
    category[merchant] = byCategory.pick(random.bits());
    inCountry[place]?.push(merchant);
    cityOf[merchant] = place * CITIES_PER_COUNTRY + random.below(CITIES_PER_COUNTRY);
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
  for (const [place, merchant] of list.entries()) {
    const kind = category[merchant] as number;
    totals.set(kind, (totals.get(kind) ?? 0) + (parts[place] as number));
  }
  return list.map((merchant, place) => {
    const kind = category[merchant] as number;
    const { weight = 0, mix = [] } = merchantCategories[kind] ?? {};
    const share = weight * part(mix[channel.recurring] ?? 0);
    return (share * (parts[place] as number)) / (totals.get(kind) as number);
  });
}
