import { AliasTable } from '../numbers/alias-table.ts';
import { hash, mix, unitOf } from '../numbers/hash.ts';
import type { AddressSpace } from './address-space.ts';
import { isPublicV4 } from './reserved.ts';

/** Share of a country's networks by kind of address, in the order of `addressKinds`. */
const KIND_SHARES = [0.6, 0.2, 0.17, 0.03];

/**
 * An address space that looks like the real one and is not: made-up countries for public networks.
 *
 * Every /16 without a reserved part belongs to one country and one kind, by hash. The owner of an
 * address in the world is somebody else.
 * Shapes: `weights` one for each country, its share of the networks.
 */
export function syntheticAddressSpace(weights: readonly number[]): AddressSpace {
  const networks = networksOf(weights);
  return {
    v4(country, kind, draw) {
      const own = networks[country * KIND_SHARES.length + kind] as Uint16Array;
      const network = own[Math.floor(unitOf(draw) * own.length)] as number;
      return network * 65536 + (mix(draw) & 0xffff);
    },
    // 2a00::/12, where RIPE delegates from: 5 bits of country, 2 of kind, 25 of the draw.
    v6(country, kind, draw) {
      const low = ((country + 1) << 27) | (kind << 25) | (mix(draw) >>> 7);
      return 0x2a02 * 4294967296 + (low >>> 0);
    },
  };
}

/** The /16 networks of each country and kind; the first of each are dealt out in turn. */
function networksOf(weights: readonly number[]): readonly Uint16Array[] {
  const owners = weights.flatMap((weight) => KIND_SHARES.map((share) => weight * share));
  const byShare = new AliasTable(owners);
  const lists: number[][] = owners.map(() => []);
  let dealt = 0;
  for (let turn = 0; turn < 65536; turn += 1) {
    // An odd factor walks through all networks in an order that mixes them.
    const network = (turn * 40503) & 0xffff;
    if (!isPublicV4(network * 65536, network * 65536 + 65535)) continue;
    const drawn = byShare.pick(hash(1, network, 0));
    lists[dealt < owners.length ? dealt : drawn]?.push(network);
    dealt += 1;
  }
  return lists.map((list) => Uint16Array.from(list));
}
