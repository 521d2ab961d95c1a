/** Who uses an address: it decides what a fraud system can conclude from it. */
export const addressKinds = { consumer: 0, mobile: 1, hosting: 2, anonymiser: 3 } as const;
export type AddressKind = (typeof addressKinds)[keyof typeof addressKinds];

/**
 * Where the addresses of a country are.
 *
 * Equal draws (32 bits) give equal addresses, so that a card's home is a hash and not a memory.
 * Every address is public: none is reserved, private or multicast.
 */
export interface AddressSpace {
  /** An IPv4 address as a number below 2^32; its /24 is all of the same country and kind. */
  v4(country: number, kind: AddressKind, draw: number): number;
  /** The first 48 bits of an IPv6 address; bits 16 to 47 are never all zero. */
  v6(country: number, kind: AddressKind, draw: number): number;
}
