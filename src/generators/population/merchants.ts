import { exp, ln } from '../numbers/exact-math.ts';
import { AliasTable, hash, Random, unitOf } from '../numbers/random.ts';
import { channel } from '../simulation/draft.ts';
import { cityCount, firstCity } from './cities.ts';
import { countries } from './countries.ts';
import { merchantName } from './merchant-names.ts';

/**
 * A kind of merchant.
 *
 * Units: `weight` share of transactions in percent; `usdMedian` and `sigma` of the lognormal amount;
 * `mix` percent of ecom, pos, atm, moto, recurring; `authOnlyShare` of card-present or ecom sales that
 * reserve an amount first; `refunds` percent of sales that are given back.
 * Source: ISO 18245 for the codes. The numbers are constants of this model.
 */
export interface MerchantCategory {
  readonly mcc: string;
  readonly weight: number;
  readonly usdMedian: number;
  readonly sigma: number;
  readonly mix: readonly number[];
  readonly authOnlyShare: number;
  readonly refunds: number;
}

const rows = `
  5411 19  32  0.9   8 92   0  0  0  0  0
  5814 13  11  0.55 12 88   0  0  0  0  0
  5812 11  28  0.7   6 94   0  0  0  0  0
  5541  8  38  0.55  0 100  0  0  0  0  0
  5542  5  40  0.5   0 100  0  0  0  0.6  0
  5912  5  24  0.8  10 90   0  0  0  0  0
  5651  4.5 58 0.8  50 50   0  0  0  0  8
  5311  4  55  0.9  30 70   0  0  0  0  4
  5999  4  35  0.9  60 38   0  2  0  0  5
  4111  4  4.5 0.7  15 85   0  0  0  0  0
  6011  3.5 90 0.6   0  0 100  0  0  0  0
  5815  3  11  0.6  60  0   0  0 40  0  0.5
  5732  2.5 120 1   55 43   0  2  0  0  6
  5816  2.5 15 0.8  85  0   0  0 15  0  0.5
  4899  2.5 16 0.6  10  0   0  0 90  0  0
  4121  2.5 17 0.6  65 35   0  0  0  0  0
  4814  2  40  0.6  30  5   0  5 60  0  0
  4900  2  95  0.6  35  0   0 10 55  0  0
  5942  1.5 22 0.7  65 35   0  0  0  0  2
  7997  1  45  0.5  10 25   0  0 65  0  0.5
  7011  0.9 210 0.8 55 40   0  5  0  0.4  5
  6300  0.8 110 0.7 15  0   0 15 70  0  0
  5947  0.8 50 0.8  55 45   0  0  0  0  3
  7995  0.7 30 1   100  0   0  0  0  0  0
  8398  0.6 25 0.9  70  5   0 10 15  0  0
  4511  0.6 310 0.8 90  4   0  6  0  0  6`;

/** The categories; a category is known by its place in this list. */
export const merchantCategories: readonly MerchantCategory[] = rows
  .trim()
  .split('\n')
  .map((row) => {
    const [mcc = '', ...numbers] = row.trim().split(/\s+/);
    const [weight = 0, usdMedian = 0, sigma = 0, ...rest] = numbers.map(Number);
    const [authOnlyShare = 0, refunds = 0] = rest.slice(5);
    return { mcc, weight, usdMedian, sigma, mix: rest.slice(0, 5), authOnlyShare, refunds };
  });

const hasCash = merchantCategories.map(({ mix }) => (mix[channel.atm] ?? 0) > 0);

/** Few merchants have most customers: weight 1/rank^s. Source: docs/world.md, check R10. */
const ZIPF_EXPONENT = 1.8;
/**
 * Shops of a merchant that has all sales of the world; checkouts of a shop of a chain, and at most those of one
 * that has a single shop. So the largest chains have some thousand terminals.
 */
const SHOPS = 30_000;
const CHECKOUTS = 8;
const FEW_CHECKOUTS = 4;
const MOST_ONLINE = 32;
const CHECKOUT_SALT = 63;

/**
 * All merchants, one column for each property; a merchant is known by its place.
 *
 * Terminals of a merchant are numbered: first those of its shops, `checkouts` to each, then those that take
 * payments online and by telephone; `firstTerminal` is the number of terminals of all merchants before.
 * `inCountry` lists the merchants of each country; `popularity` picks from that list who is paid once,
 * and `subscribed` who is paid each month: every category has its share, and within it popularity falls
 * with rank.
 */
export interface Merchants {
  readonly count: number;
  readonly country: Uint8Array;
  readonly category: Uint8Array;
  readonly shops: Uint16Array;
  readonly checkouts: Uint8Array;
  readonly online: Uint8Array;
  readonly firstTerminal: Uint32Array;
  /** The city of the first shop, by its place in the list of cities. */
  readonly seat: Uint16Array;
  /** Made when first asked for. */
  name(merchant: number): string;
  readonly inCountry: readonly (readonly number[])[];
  /** Banks with cash machines of each country, the largest first. */
  readonly cashMachines: readonly (readonly number[])[];
  readonly popularity: readonly AliasTable[];
  readonly subscribed: readonly AliasTable[];
}

/** The city of a terminal, by its place in the list of cities: the shops of a chain stand all over its country. */
export function cityOfTerminal(merchant: number, terminal: number, of: Merchants): number {
  const shop = Math.floor(terminal / (of.checkouts[merchant] as number));
  const seat = of.seat[merchant] as number;
  // Who sells online does so from the seat.
  if (shop >= (of.shops[merchant] as number)) return seat;
  return cityOfShop(seat, shop, of.country[merchant] as number);
}

function cityOfShop(seat: number, shop: number, country: number): number {
  const first = firstCity[country] as number;
  return first + ((seat - first + shop) % (cityCount[country] as number));
}

/** A shop of a merchant in a city, one of many by a draw from 0 to 1; -1 where it has none. */
export function shopIn(city: number, merchant: number, unit: number, of: Merchants): number {
  const country = of.country[merchant] as number;
  const count = cityCount[country] as number;
  const first = (city - (of.seat[merchant] as number) + count) % count;
  const shops = of.shops[merchant] as number;
  if (first >= shops) return -1;
  const many = Math.floor((shops - 1 - first) / count) + 1;
  return first + count * Math.floor(unit * many);
}

/** A number of merchants, always the same ones for the same key; at least one a country. */
export function merchants(
  count: number,
  key: number,
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
  const seat = new Uint16Array(count);
  for (let merchant = 0; merchant < count; merchant += 1) {
    const drawn = byCountry.pick(random.bits());
    // The first ones go to one country each, so that a traveller finds a shop everywhere.
    const countryIndex = countryIndexes[merchant] ?? drawn;
    country[merchant] = countryIndex;
    category[merchant] = byCategory.pick(random.bits());
    inCountry[countryIndex]?.push(merchant);
    seat[merchant] =
      (firstCity[countryIndex] as number) + random.below(cityCount[countryIndex] as number);
  }
  const totalWeight = countryWeights.reduce((sum, one) => sum + one, 0);
  const size = sizes(count);
  const weightsIn = (part: Part) => inCountry.map((list) => weights(list, category, part));
  const once = weightsIn((percent) => 100 - percent);
  for (const [countryIndex, list] of inCountry.entries()) {
    const own = once[countryIndex] as readonly number[];
    const total = own.reduce((sum, one) => sum + one, 0);
    const share = (countryWeights[countryIndex] as number) / totalWeight;
    for (const [place, merchant] of list.entries()) {
      setSize(size, merchant, (share * (own[place] as number)) / total, key);
    }
  }
  numberTerminals(size);
  const mcc = (merchant: number): string =>
    merchantCategories[category[merchant] as number]?.mcc ?? '';
  const name = remembered((merchant) =>
    merchantName(key, merchant, country[merchant] as number, mcc(merchant)),
  );
  const popularity = once.map((list) => new AliasTable(list));
  const subscribed = weightsIn((percent) => percent).map((list) => new AliasTable(list));
  const cashMachines = inCountry.map((list) =>
    list.filter((merchant) => hasCash[category[merchant] as number]),
  );
  const lists = { inCountry, cashMachines, popularity, subscribed };
  return { count, country, category, ...size, seat, name, ...lists };
}

type Sizes = Pick<Merchants, 'shops' | 'checkouts' | 'online' | 'firstTerminal'>;

function sizes(count: number): Sizes {
  return {
    shops: new Uint16Array(count).fill(1),
    checkouts: new Uint8Array(count).fill(1),
    online: new Uint8Array(count).fill(1),
    firstTerminal: new Uint32Array(count),
  };
}

/** How many shops and terminals a merchant has, by its share of all sales. */
function setSize(
  { shops, checkouts, online }: Sizes,
  merchant: number,
  share: number,
  key: number,
) {
  const many = Math.max(1, Math.floor(share * SHOPS));
  shops[merchant] = many;
  const few = 1 + Math.floor(unitOf(hash(key ^ CHECKOUT_SALT, merchant, 0)) * FEW_CHECKOUTS);
  checkouts[merchant] = many > 1 ? CHECKOUTS : few;
  online[merchant] = Math.min(MOST_ONLINE, 1 + Math.floor(many / 16));
}

function numberTerminals({ shops, checkouts, online, firstTerminal }: Sizes): void {
  let before = 0;
  for (let merchant = 0; merchant < shops.length; merchant += 1) {
    firstTerminal[merchant] = before;
    before += (shops[merchant] as number) * (checkouts[merchant] as number);
    before += online[merchant] as number;
  }
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
