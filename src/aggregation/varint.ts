/** Bytes that a whole number takes as a protobuf varint: one for each seven bits. */
export function varintBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  return value < 0x1000_0000 ? 4 : 5;
}

/**
 * Writes a whole number below 2^32 as a protobuf varint; answers the offset after it.
 *
 *     bit     7                           6 .. 0
 *             1 while more bytes follow   seven bits of the value, lowest first
 */
export function writeVarint(target: Uint8Array, value: number, at: number): number {
  let offset = at;
  let rest = value;
  while (rest > 0x7f) {
    target[offset++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[offset++] = rest;
  return offset;
}

const shortVarints = Array.from({ length: 0x80 }, (_, value) => String.fromCharCode(value));

/** A varint as text, one character for each of its bytes. */
export function varintText(value: number): string {
  const short = shortVarints[value];
  if (short !== undefined) return short;
  const bytes = Buffer.alloc(varintBytes(value));
  writeVarint(bytes, value, 0);
  return bytes.toString('latin1');
}
