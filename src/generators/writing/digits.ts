import { mix } from '../numbers/random.ts';

/** The dotted form of an IPv4 address. */
export function v4Text(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
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
  const [first, second, third, fourth] = hostGroups(host);
  const network = `${hex(Math.floor(net / 4294967296))}:${hex(low >>> 16)}:${hex(low & 0xffff)}:${hex(subnet)}`;
  return `${network}:${hex(first)}:${hex(second)}:${hex(third)}:${hex(fourth)}`;
}

function hex(group: number): string {
  return group.toString(16);
}

/** The last four groups of an IPv6 address. */
export function hostGroups(host: number): readonly [number, number, number, number] {
  const other = mix(host);
  return [host >>> 16, (other >>> 16) | 1, other & 0xffff, (host & 0xffff) | 1];
}

/** Two decimal digits as two bytes, the first one low: what a little-endian write puts first. */
const PAIRS = Uint16Array.from(
  { length: 100 },
  (_, pair) => (48 + Math.floor(pair / 10)) | ((48 + (pair % 10)) << 8),
);
/** One to three decimal digits as bytes, and above them how many. */
const OCTETS = Uint32Array.from({ length: 256 }, (_, octet) => {
  const text = String(octet);
  const bytes = [...text].reduce(
    (sum, digit, position) => sum | ((48 + Number(digit)) << (8 * position)),
    0,
  );
  return bytes | (text.length << 24);
});
const HEX = new TextEncoder().encode('0123456789abcdef');
const ZERO = 48;
const DOT = 46;
const COLON = 58;
const BILLION = 1_000_000_000;

/** Writes a whole number below 2^53 in as many digits as it has; returns where it ends. */
export function writeWhole(view: DataView, at: number, value: number): number {
  if (value < BILLION) return writeSmall(view, at, value | 0);
  const end = writeWhole(view, at, Math.floor(value / BILLION));
  const low = (value % BILLION) | 0;
  const first = (low / 100_000_000) | 0;
  view.setUint8(end, ZERO + first);
  write8(view, end + 1, low - first * 100_000_000);
  return end + 9;
}

/** Writes a number below 100 as two digits. */
export function write2(view: DataView, at: number, value: number): void {
  view.setUint16(at, PAIRS[value] as number, true);
}

/** Writes a number below 1000 as three digits. */
export function write3(view: DataView, at: number, value: number): void {
  const tens = (value / 10) | 0;
  write2(view, at, tens);
  view.setUint8(at + 2, ZERO + value - tens * 10);
}

/** Writes a number below 10 000 as four digits. */
export function write4(view: DataView, at: number, value: number): void {
  const hundreds = (value / 100) | 0;
  const low = PAIRS[value - hundreds * 100] as number;
  view.setUint32(at, (PAIRS[hundreds] as number) | (low << 16), true);
}

/** Writes a number below 1 000 000 as six digits. */
export function write6(view: DataView, at: number, value: number): void {
  const high = (value / 10_000) | 0;
  write2(view, at, high);
  write4(view, at + 2, value - high * 10_000);
}

/** Writes a number below 100 000 000 as eight digits. */
export function write8(view: DataView, at: number, value: number): void {
  const high = (value / 10_000) | 0;
  write4(view, at, high);
  write4(view, at + 4, value - high * 10_000);
}

/** Writes the dotted form of an IPv4 address; returns where it ends. */
export function writeV4(view: DataView, at: number, address: number): number {
  let end = writeOctet(view, at, address >>> 24);
  end = writeOctet(view, end, (address >>> 16) & 255);
  end = writeOctet(view, end, (address >>> 8) & 255);
  return writeOctet(view, end, address & 255) - 1;
}

/** Writes one group of an IPv6 address and a colon, without zeros in front; returns where it ends. */
export function writeGroup(view: DataView, at: number, group: number): number {
  let end = at;
  for (let shift = firstShift(group); shift >= 0; shift -= 4) {
    view.setUint8(end, HEX[(group >>> shift) & 15] as number);
    end += 1;
  }
  view.setUint8(end, COLON);
  return end + 1;
}

function firstShift(group: number): number {
  if (group > 0xfff) return 12;
  if (group > 0xff) return 8;
  return group > 0xf ? 4 : 0;
}

/** Writes an octet and a dot; up to two bytes behind are overwritten too. */
function writeOctet(view: DataView, at: number, octet: number): number {
  const entry = OCTETS[octet] as number;
  const end = at + (entry >>> 24);
  view.setUint32(at, entry, true);
  view.setUint8(end, DOT);
  return end + 1;
}

function writeSmall(view: DataView, at: number, value: number): number {
  let count = 1;
  for (let limit = 10; count < 9 && value >= limit; limit *= 10) count += 1;
  let left = value;
  let position = at + count;
  while (left > 9) {
    const rest = (left / 100) | 0;
    position -= 2;
    write2(view, position, left - rest * 100);
    left = rest;
  }
  // An odd number of digits leaves the first one; an even number leaves nothing.
  if (position > at) view.setUint8(at, ZERO + left);
  return at + count;
}
