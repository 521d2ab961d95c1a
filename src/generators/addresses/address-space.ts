import { type AddressKind, addressKinds } from '../../geoip/address-table.ts';
import type { TableFile } from '../../geoip/table-file.ts';
import { mix, unitOf } from '../numbers/random.ts';
import { Pools, positionOf, rangeOf } from './address-pool.ts';

export { type AddressKind, addressKinds } from '../../geoip/address-table.ts';

/**
 * Where the addresses of a country are.
 *
 * Equal draws (32 bits) give equal addresses, so that a card's home is a hash and not a memory.
 * No address is private or multicast.
 */
export interface AddressSpace {
  /** Addresses of a network of IPv4, a power of two; a network is all of one country and kind. */
  readonly v4NetworkSize: number;
  /** An IPv4 address as a number below 2^32. */
  v4(country: number, kind: AddressKind, draw: number): number;
  /** The first 48 bits of an IPv6 address; bits 16 to 47 are never all zero. */
  v6(country: number, kind: AddressKind, draw: number): number;
}

const KINDS = Object.values(addressKinds).length;
const LOW_32 = 2 ** 32;
/** Networks of /48 in a /40, and /40 in a /32. */
const PER_40 = 256;

/**
 * The address space of a table: a draw is a position among all networks of a country and kind.
 *
 * IPv4 networks are all equally likely. IPv6 counts by /40, and no range for more than a /32, the
 * usual allocation of a provider: some are far larger than what is in use. `Pools` says what stands
 * in for a kind that a country lacks.
 * Shapes: `codes` the countries, in the order of their numbers.
 * Errors: throws `bad-data` when the table lacks a country.
 */
export function tableSpace(table: TableFile, codes: readonly string[]): AddressSpace {
  const size = 2 ** (32 - table.v4Length);
  const countries = codes.map((code) => table.countries.indexOf(code) + 1);
  const v4 = new Pools(table.v4, countries, {
    perBucket: 2 ** 16,
    networks: (start, end) => (end - start) / size,
    weight: (networks) => networks,
  });
  const v6 = new Pools(table.v6(), countries, {
    perBucket: LOW_32,
    // Network x:0:0 is written with `::`: the next one is taken instead, so it cannot be the last.
    networks: (start, end) => end - start - (end % LOW_32 === 1 ? 1 : 0),
    weight: (networks) => Math.min(Math.ceil(networks / PER_40), PER_40),
  });
  return {
    v4NetworkSize: size,
    v4(country, kind, draw) {
      const pool = v4.at(country * KINDS + kind);
      const range = rangeOf(pool, draw);
      const network = positionOf(pool, draw) - (pool.before[range] as number);
      return (pool.starts[range] as number) + network * size + (mix(draw) & (size - 1));
    },
    v6(country, kind, draw) {
      const pool = v6.at(country * KINDS + kind);
      const range = rangeOf(pool, draw);
      const offset = Math.floor(unitOf(mix(draw)) * (pool.lengths[range] as number));
      const network = (pool.starts[range] as number) + offset;
      return network >>> 0 === 0 ? network + 1 : network;
    },
  };
}
