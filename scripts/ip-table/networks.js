import { parseAddress, V6 } from '../../dist/geoip/parse-address.js';

/** The number of the /24 that an IPv4 address is in. */
export function networkOfV4(text) {
  return Math.floor(parseAddress(text) / 256);
}

/** The number of the /48 that an IPv6 address is in. */
export function networkOfV6(text) {
  return parseAddress(text) - V6;
}
