import { countries } from '../../dist/generators/population/countries.js';
import { parseAddress } from '../../dist/geoip/parse-address.js';
import { networkOfV6 } from './networks.js';

const V4_LENGTH = 29;
const V6_LENGTH = 48;
const KINDS = 4;
/** Networks of 8 addresses in a block of 256. */
const PER_BLOCK = 2 ** (V4_LENGTH - 24);
/** Each country and kind has a /40 of IPv6. */
const V6_NETWORKS = 2 ** (V6_LENGTH - 40);
const v4Blocks = ['192.0.2.0', '198.51.100.0', '203.0.113.0'];

/**
 * The networks for documentation, dealt to the countries of a generated world: to each country and
 * kind in turn one /29 of IPv4 and one /40 of IPv6.
 */
export function documentationRanges() {
  const owners = countries.flatMap(({ code: country }) =>
    Array.from({ length: KINDS }, (_, kind) => ({ country, kind })),
  );
  const v4 = owners.map((owner, place) => {
    const block = parseAddress(v4Blocks[Math.floor(place / PER_BLOCK)]);
    const network = block / 2 ** (32 - V4_LENGTH) + (place % PER_BLOCK);
    return [network, network, owner];
  });
  const v6 = owners.map((owner, place) => {
    const first = networkOfV6('2001:db8::') + place * V6_NETWORKS;
    return [first, first + V6_NETWORKS - 1, owner];
  });
  return { v4Length: V4_LENGTH, v6Length: V6_LENGTH, v4, v6 };
}
