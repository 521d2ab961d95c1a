import { addressKinds } from '../../addresses/network.ts';
import type { TableFile } from '../../addresses/table-file.ts';
import { mix, unitOf } from '../numbers/hash.ts';
import type { AddressSpace } from './address-space.ts';
import { type Pool, pools, rangeAt } from './pool.ts';

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
      const pool = v4[country * KINDS + kind] as Pool;
      const share = unitOf(draw);
      const position = Math.floor(share * pool.weight);
      const range = rangeAt(pool, share, position);
      const network = position - (pool.before[range] as number);
      return (pool.starts[range] as number) + network * size + (mix(draw) & (size - 1));
    },
    v6(country, kind, draw) {
      const network = networkAt(v6[country * KINDS + kind] as Pool, longUnitOf(draw));
      return network % LOW_32 === 0 ? network + 1 : network;
    },
  };
}

/** From 0 up to, but not including, 1 in steps of 2^-53: 32 bits are fewer than there are networks. */
function longUnitOf(draw: number): number {
  return ((draw >>> 0) * 2 ** 21 + (mix(draw) >>> 11)) / 2 ** 53;
}

/** The network at a share of a pool; a range longer than its weight is spread over it. */
function networkAt(pool: Pool, share: number): number {
  const position = share * pool.weight;
  const range = rangeAt(pool, share, position);
  const length = pool.lengths[range] as number;
  const offset = (position - (pool.before[range] as number)) / Math.min(length, V6_PER_PROVIDER);
  return (pool.starts[range] as number) + Math.min(Math.floor(offset * length), length - 1);
}
