import { AliasTable } from '../numbers/alias-table.ts';
import { exp, ln } from '../numbers/exact-math.ts';
import { Random } from '../numbers/random.ts';
import { countries } from './countries.ts';
import type { Homes } from './homes.ts';
import { merchantCategories } from './merchant-categories.ts';

/** Few merchants have most customers: weight 1/rank^s. Source: docs/world.md, check R10. */
const ZIPF_EXPONENT = 1.05;
/** How many cities each country has merchants in. */
const CITIES_PER_COUNTRY = 12;

/** Makes up names; faker, in practice. */
export interface Namer {
  merchant(): string;
  city(): string;
}

/**
 * All merchants, one column for each property; a merchant is known by its place.
 *
 * `inCountry` lists the merchants of each country and `popularity` picks from that list: every
 * category has its share, and within it popularity falls with rank. A country that is left out has the
 * merchants of another.
 */
export interface Merchants {
  readonly count: number;
  readonly country: Uint8Array;
  readonly category: Uint8Array;
  readonly names: readonly string[];
  readonly cities: readonly string[];
  readonly inCountry: readonly (readonly number[])[];
  readonly popularity: readonly AliasTable[];
}

/** A number of merchants, always the same ones for the same key and namer; at least one a country. */
export function merchants(count: number, key: number, namer: Namer, homes: Homes): Merchants {
  const random = new Random(key, 0x5409);
  const byCountry = new AliasTable(homes.weights);
  const byCategory = new AliasTable(merchantCategories.map(({ weight }) => weight));
  const cities = countries.map(() =>
    Array.from({ length: CITIES_PER_COUNTRY }, () => namer.city()),
  );
  const country = new Uint8Array(count);
  const category = new Uint8Array(count);
  const inCountry: number[][] = countries.map(() => []);
  const names: string[] = [];
  const cityOf: string[] = [];
  for (let merchant = 0; merchant < count; merchant += 1) {
    const drawn = byCountry.pick(random.bits());
    // The first ones go to one country each, so that a traveller finds a shop everywhere.
    const place = homes.places[merchant] ?? drawn;
    country[merchant] = place;
    category[merchant] = byCategory.pick(random.bits());
    inCountry[place]?.push(merchant);
    names.push(namer.merchant());
    cityOf.push(cities[place]?.[random.below(CITIES_PER_COUNTRY)] ?? '');
  }
  const popularity = inCountry.map((list) => new AliasTable(weights(list, category)));
  // Whoever would go to a country that is left out goes to the one in its place.
  const there = <T>(columns: readonly T[]) => homes.standIns.map((place) => columns[place] as T);
  const found = { inCountry: there(inCountry), popularity: there(popularity) };
  return { count, country, category, names, cities: cityOf, ...found };
}

/** Each category's share, split among its merchants by rank. */
function weights(list: readonly number[], category: Uint8Array): readonly number[] {
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
    const share = merchantCategories[kind]?.weight ?? 0;
    return (share * (parts[place] as number)) / (totals.get(kind) as number);
  });
}
