import { FraudstreamError } from '../../errors.ts';
import { addressKinds } from '../../geoip/address-table.ts';
import { type Runs, startsOf } from '../../geoip/table-file.ts';
import { unitOf } from '../numbers/random.ts';

/**
 * All ranges of one country and kind, side by side: a position is a place among them.
 *
 * Shapes: one for each range, but `guide`, which has the range at each 1024th of the weight.
 * Units: `starts` in addresses, `lengths` in networks, `before` the weight of all ranges before,
 * `weight` that of all, below 2^31.
 */
export interface Pool {
  readonly starts: Float64Array;
  readonly lengths: Float64Array;
  readonly before: Uint32Array;
  readonly weight: number;
  readonly guide: Uint32Array;
}

/** How the ranges of a family count. */
export interface Scale {
  readonly perBucket: number;
  /** Networks that can be drawn from the addresses from `start` up to `end`. */
  networks(start: number, end: number): number;
  /** The weight of a range of so many networks, a whole number. */
  weight(networks: number): number;
}

const KINDS = Object.values(addressKinds).length;
const { consumer, hosting } = addressKinds;
/** What stands in for a kind that a country lacks, at the place of the kind. */
const instead = [consumer, consumer, consumer, hosting];
const SLOTS = 1024;
/** What is left of 32 bits when the first are a slot. */
const SLOT_SHIFT = 22;

/**
 * The pools of countries, four to each: one for each kind, made when it is first asked for.
 *
 * A country without anonymisers gets its hosting networks instead, one without mobile or hosting
 * networks its consumers.
 * Errors: throws `bad-data` for a country that has no consumers.
 */
export class Pools {
  readonly #made: (Pool | undefined)[];
  readonly #lists: readonly Uint32Array[];
  readonly #starts: Float64Array;
  readonly #scale: Scale;

  constructor(runs: Runs, countries: readonly number[], scale: Scale) {
    this.#starts = startsOf(runs, scale.perBucket);
    this.#lists = runsByOwner(runs, countries);
    this.#made = this.#lists.map(() => undefined);
    this.#scale = scale;
    for (const country of countries.keys()) {
      if (this.#lists[country * KINDS + consumer]?.length) continue;
      throw new FraudstreamError('bad-data', `The table of IP ranges lacks country ${country}.`);
    }
  }

  at(index: number): Pool {
    return this.#made[index] ?? this.#make(index);
  }

  #make(index: number): Pool {
    const own = poolOf(this.#lists[index] as Uint32Array, this.#starts, this.#scale);
    const kind = index % KINDS;
    const isEnough = own.weight > 0 || kind === consumer;
    const pool = isEnough ? own : this.at(index - kind + (instead[kind] as number));
    this.#made[index] = pool;
    return pool;
  }
}

/** The position of a draw, a whole number below the weight. */
export function positionOf({ weight }: Pool, draw: number): number {
  return Math.floor(unitOf(draw) * weight);
}

/** The range at the position of a draw. */
export function rangeOf(pool: Pool, draw: number): number {
  const { before, guide } = pool;
  const position = positionOf(pool, draw);
  const slot = draw >>> SLOT_SHIFT;
  let first = guide[slot] as number;
  let last = guide[slot + 1] as number;
  while (first < last) {
    const middle = (first + last + 1) >> 1;
    if ((before[middle] as number) <= position) first = middle;
    else last = middle - 1;
  }
  return first;
}

/** The runs of each country and kind, in order: counted first, then put in their places. */
function runsByOwner(runs: Runs, countries: readonly number[]): readonly Uint32Array[] {
  const firstPoolOf = new Int16Array(256).fill(-1);
  for (const [index, country] of countries.entries()) firstPoolOf[country] = index * KINDS;
  firstPoolOf[0] = -1; // Nobody is no country.
  const ownerOf = (run: number): number => {
    const index = firstPoolOf[runs.countries[run] as number] as number;
    return index < 0 ? -1 : index + (runs.kinds[run] as number);
  };
  const counts = new Uint32Array(countries.length * KINDS);
  for (let run = 0; run < runs.countries.length; run += 1) {
    const owner = ownerOf(run);
    if (owner >= 0) counts[owner] = (counts[owner] as number) + 1;
  }
  const lists = Array.from(counts, (count) => new Uint32Array(count));
  counts.fill(0);
  for (let run = 0; run < runs.countries.length; run += 1) {
    const owner = ownerOf(run);
    if (owner < 0) continue;
    const at = counts[owner] as number;
    (lists[owner] as Uint32Array)[at] = run;
    counts[owner] = at + 1;
  }
  return lists;
}

function poolOf(list: Uint32Array, all: Float64Array, scale: Scale): Pool {
  const starts = new Float64Array(list.length);
  const lengths = new Float64Array(list.length);
  const before = new Uint32Array(list.length);
  let weight = 0;
  let count = 0;
  for (const run of list) {
    const start = all[run] as number;
    const length = scale.networks(start, all[run + 1] as number);
    if (length === 0) continue;
    starts[count] = start;
    lengths[count] = length;
    before[count] = weight;
    weight += scale.weight(length);
    count += 1;
  }
  return { starts, lengths, before, weight, guide: guideTo(before.subarray(0, count), weight) };
}

function guideTo(before: Uint32Array, weight: number): Uint32Array {
  const guide = new Uint32Array(SLOTS + 1);
  let range = 0;
  for (let slot = 0; slot <= SLOTS; slot += 1) {
    const position = Math.floor((slot / SLOTS) * weight);
    while (range + 1 < before.length && (before[range + 1] as number) <= position) range += 1;
    guide[slot] = range;
  }
  return guide;
}
