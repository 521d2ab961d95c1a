/** Networks that no public host has. Source: RFC 6890, RFC 9637, and the registries at IANA. */
import { networkOfV4, networkOfV6 } from './networks.js';

const v4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16'],
  ...['172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24'],
  ...['192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'],
];
const v6 = [
  ...['::/3', '2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'],
  ...['4000::/2', '8000::/1'],
];

/** As ranges of /24 networks. */
export const reservedV4 = v4.map((text) => range(text, networkOfV4, 24));
/** As ranges of /48 networks: all outside 2000::/3, and what is special inside. */
export const reservedV6 = v6.map((text) => range(text, networkOfV6, 48));

function range(text, networkOf, bits) {
  const [address, length] = text.split('/');
  const first = networkOf(address);
  return [first, first + 2 ** (bits - Number(length)) - 1];
}
