/**
 * Scrambles 32 bits, one to one.
 *
 * Bits are signed here: V8 keeps a whole number in place up to 2^31 and no further.
 * Source: the finalizer of MurmurHash3 (public domain).
 */
export function mix(bits: number): number {
  let x = bits;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/**
 * 32 bits that depend on all three numbers and on nothing else.
 *
 * It stands in for memory: the home address of card 7 is a hash of 7, so nobody has to store it.
 */
export function hash(key: number, a: number, b: number): number {
  return mix(mix(key + Math.imul(a, 0x9e3779b1)) ^ Math.imul(b, 0x7feb352d));
}

/** 32 bits as a number from 0 up to, but not including, 1. */
export function unitOf(bits: number): number {
  return (bits >>> 0) / 4294967296;
}

/** A 32-bit key from any text. */
export function keyOf(text: string): number {
  let key = 0x811c9dc5;
  for (const character of text) key = mix(key ^ (character.codePointAt(0) ?? 0));
  return key;
}
