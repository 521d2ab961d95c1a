import type { AddressKind } from '../../addresses/network.ts';

export { type AddressKind, addressKinds } from '../../addresses/network.ts';

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
