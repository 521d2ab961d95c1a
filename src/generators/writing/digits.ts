const ZERO = 48;
const COLON = 58;
const DOT = 46;
const HEX = new TextEncoder().encode('0123456789abcdef');
const BILLION = 1_000_000_000;

/** Writes a whole number below 2^53 in as many digits as it has; returns where it ends. */
export function writeWhole(bytes: Uint8Array, at: number, value: number): number {
  if (value < BILLION) return writeSmall(bytes, at, value | 0);
  const end = writeWhole(bytes, at, Math.floor(value / BILLION));
  writeDigits(bytes, end, 9, (value % BILLION) | 0);
  return end + 9;
}

/** Writes a whole number below 2^31 in exactly so many digits, with zeros in front. */
export function writeDigits(bytes: Uint8Array, at: number, count: number, value: number): void {
  let left = value;
  for (let place = at + count - 1; place >= at; place -= 1) {
    const rest = (left / 10) | 0;
    bytes[place] = ZERO + left - rest * 10;
    left = rest;
  }
}

/** Writes the dotted form of an IPv4 address; returns where it ends. */
export function writeV4(bytes: Uint8Array, at: number, address: number): number {
  let end = writeSmall(bytes, at, address >>> 24);
  bytes[end] = DOT;
  end = writeSmall(bytes, end + 1, (address >>> 16) & 255);
  bytes[end] = DOT;
  end = writeSmall(bytes, end + 1, (address >>> 8) & 255);
  bytes[end] = DOT;
  return writeSmall(bytes, end + 1, address & 255);
}

/** Writes one group of an IPv6 address and a colon, without zeros in front; returns where it ends. */
export function writeGroup(bytes: Uint8Array, at: number, group: number): number {
  let end = at;
  for (
    let shift = group > 4095 ? 12 : group > 255 ? 8 : group > 15 ? 4 : 0;
    shift >= 0;
    shift -= 4
  ) {
    bytes[end] = HEX[(group >>> shift) & 15] as number;
    end += 1;
  }
  bytes[end] = COLON;
  return end + 1;
}

function writeSmall(bytes: Uint8Array, at: number, value: number): number {
  let count = 1;
  for (let limit = 10; count < 9 && value >= limit; limit *= 10) count += 1;
  writeDigits(bytes, at, count, value);
  return at + count;
}
