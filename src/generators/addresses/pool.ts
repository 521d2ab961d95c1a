import { addressKinds } from '../../addresses/network.ts';
import { type Runs, startsOf } from '../../addresses/runs.ts';
import { FraudstreamError } from '../../fraudstream-error.ts';

/**
 * All ranges of one country and kind, side by side: a position is a place among them.
 *
 * Units: `starts` in addresses, `lengths` in networks, `before` the weight of all ranges before,
 * `weight` that of all.
 */
export interface Pool {
  readonly starts: Float64Array;
  readonly lengths: Float64Array;
  readonly before: Float64Array;
  readonly weight: number;
}

/** How the ranges of a family count: `most` is the weight of the largest. */
export interface Scale {
  readonly perBucket: number;
  readonly most: number;
  /** Networks that can be drawn from the addresses from `start` up to `end`. */
  networks(start: number, end: number): number;
}

const KINDS = Object.values(addressKinds).length;
const { consumer, hosting } = addressKinds;
/** What stands in for a kind that a country lacks, at the place of the kind. */
const instead = [consumer, consumer, consumer, hosting];

/**
 * The pools of countries, four to each: one for each kind.
 *
 * A country without anonymisers gets its hosting networks instead, one without mobile or hosting
 * networks its consumers.
 * Errors: throws `bad-data` for a country that has no consumers.
 */
export function pools(runs: Runs, countries: readonly number[], scale: Scale): readonly Pool[] {
  const starts = startsOf(runs, scale.perBucket);
  const own = runsByOwner(runs, countries).map((list) => poolOf(list, starts, scale));
  const resolved = (place: number): Pool => {
    const kind = place % KINDS;
    const pool = own[place] as Pool;
    if (pool.weight > 0) return pool;
    if (kind !== consumer) return resolved(place - kind + (instead[kind] as number));
    const country = Math.floor(place / KINDS);
    throw new FraudstreamError('bad-data', `The table of IP ranges lacks country ${country}.`);
  };
  return own.map((_, place) => resolved(place));
}

/** The last place whose `before` is not above the position. */
export function placeIn(before: Float64Array, position: number): number {
  let first = 0;
  let last = before.length - 1;
  while (first < last) {
    const middle = (first + last + 1) >> 1;
    if ((before[middle] as number) <= position) first = middle;
    else last = middle - 1;
  }
  return first;
}

function runsByOwner(runs: Runs, countries: readonly number[]): readonly number[][] {
  const lists = countries.flatMap(() => Array.from({ length: KINDS }, (): number[] => []));
  const placeOf = new Map(countries.map((country, place) => [country, place * KINDS]));
  placeOf.delete(0); // Nobody is no country.
  for (const [run, country] of runs.countries.entries()) {
    const place = placeOf.get(country);
    if (place !== undefined) lists[place + (runs.kinds[run] as number)]?.push(run);
  }
  return lists;
}

function poolOf(list: readonly number[], starts: Float64Array, scale: Scale): Pool {
  const lengths = Float64Array.from(list, (run) =>
    scale.networks(starts[run] as number, starts[run + 1] as number),
  );
  const before = new Float64Array(list.length);
  let weight = 0;
  for (const [place, length] of lengths.entries()) {
    before[place] = weight;
    weight += Math.min(length, scale.most);
  }
  return {
    starts: Float64Array.from(list, (run) => starts[run] as number),
    lengths,
    before,
    weight,
  };
}
