import { addressKinds } from '../../addresses/network.ts';
import type { TableFile } from '../../addresses/table-file.ts';
import { mix, unitOf } from '../numbers/hash.ts';
import type { AddressSpace } from './address-space.ts';
import { type Pool, placeIn, pools } from './pool.ts';

const KINDS = Object.values(addressKinds).length;
const LOW_32 = 2 ** 32;
/** Networks in a /32, the usual allocation of a provider. */
const V6_PER_PROVIDER = 2 ** 16;

/**
 * The address space of a table: a draw is a position among all networks of a country and kind.
 *
 * IPv4 networks are all equally likely. Of IPv6 no range counts for more than a /32, since some are
 * far larger than what is in use. `pools` says what stands in for a kind that a country lacks.
 * Shapes: `codes` the countries, in the order of their numbers.
 * Errors: throws `bad-data` when the table lacks a country.
 */
export function tableSpace(table: TableFile, codes: readonly string[]): AddressSpace {
  const size = 2 ** (32 - table.v4Length);
  const countries = codes.map((code) => table.countries.indexOf(code) + 1);
  const v4 = pools(table.v4, countries, {
    perBucket: 2 ** 16,
    most: Number.POSITIVE_INFINITY,
    networks: (start, end) => (end - start) / size,
  });
  const v6 = pools(table.v6(), countries, {
    perBucket: LOW_32,
    most: V6_PER_PROVIDER,
    // Network x:0:0 is written with `::`: the next one is taken instead, so it cannot be the last.
    networks: (start, end) => end - start - (end % LOW_32 === 1 ? 1 : 0),
  });
  return {
    v4NetworkSize: size,
    v4(country, kind, draw) {
      const { before, starts, weight } = v4[country * KINDS + kind] as Pool;
      const position = Math.floor(unitOf(draw) * weight);
      const place = placeIn(before, position);
      const network = position - (before[place] as number);
      return (starts[place] as number) + network * size + (mix(draw) & (size - 1));
    },
    v6(country, kind, draw) {
      const pool = v6[country * KINDS + kind] as Pool;
      // 32 bits are fewer than there are networks: the rest is made from the same draw.
      const position = (unitOf(draw) + unitOf(mix(draw)) / LOW_32) * pool.weight;
      const network = networkAt(pool, position);
      return network % LOW_32 === 0 ? network + 1 : network;
    },
  };
}

/** The network at a position; a range longer than its weight is spread over it. */
function networkAt({ before, starts, lengths }: Pool, position: number): number {
  const place = placeIn(before, position);
  const length = lengths[place] as number;
  const share = (position - (before[place] as number)) / Math.min(length, V6_PER_PROVIDER);
  return (starts[place] as number) + Math.min(Math.floor(share * length), length - 1);
}
