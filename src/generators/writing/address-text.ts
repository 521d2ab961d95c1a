import { mix } from '../numbers/hash.ts';

/** The dotted form of an IPv4 address. */
export function v4Text(address: number): string {
  return [address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255].join('.');
}

/**
 * The form of an IPv6 address that RFC 5952 asks for: its first 48 bits, a subnet of 16, and a host
 * made from 32 bits.
 *
 * Subnet and every second group of the host are never 0, so that no two zero groups are neighbours
 * and `::` never applies.
 */
export function v6Text(net: number, subnet: number, host: number): string {
  const low = net >>> 0;
  const groups = [Math.floor(net / 4294967296), low >>> 16, low & 0xffff, subnet];
  return [...groups, ...hostGroups(host)].map((group) => group.toString(16)).join(':');
}

/** The last four groups of an IPv6 address. */
export function hostGroups(host: number): readonly [number, number, number, number] {
  const other = mix(host);
  return [host >>> 16, (other >>> 16) | 1, other & 0xffff, (host & 0xffff) | 1];
}
