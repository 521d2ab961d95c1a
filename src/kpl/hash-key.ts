import { createHash } from 'node:crypto';
import { FraudstreamError } from '../errors.ts';

/** Bytes that fit one MD5 block beside the closing bit and the length. Source: RFC 1321, 3.1. */
const ROOM_BYTES = 55;

const A0 = 0x67452301;
const B0 = 0xefcdab89 | 0;
const C0 = 0x98badcfe | 0;
const D0 = 0x10325476;

/** Bits to rotate by, by round and by place among four steps. Source: RFC 1321, 3.4. */
const turnsOfRound = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const;
/** By step: what is added, by how many bits the sum is rotated, which word goes in. RFC 1321, 3.4. */
const steps = Array.from({ length: 64 }, (_, i) => i);
const sines = Int32Array.from(steps, (i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32));
const turns = Uint8Array.from(steps, (i) => turnsOfRound[i >>> 4]?.[i & 3] ?? 0);
const order = Uint8Array.from(steps, (i) => ([i, 5 * i + 1, 3 * i + 5, 7 * i][i >>> 4] ?? 0) & 15);

/** The block being hashed: reused, as no call is interrupted by another. */
const block = new Int32Array(16);

/**
 * Returns the MD5 of a short ASCII text as four big-endian words; `undefined` for any other text.
 *
 * Several times as fast as a call into OpenSSL, which sets itself up anew for every key.
 *
 *     byte   0 .. n-1   n      n+1 .. 55   56 .. 63
 *            text       0x80   zero        8n, little-endian
 *
 * Source: RFC 1321, whose names a, b, c, d are kept.
 */
export function md5OfShortAscii(
  text: string,
): readonly [number, number, number, number] | undefined {
  if (text.length > ROOM_BYTES || load(text) > 0x7f) return undefined;
  // One by one: with `let [a, b, c, d] = ...` the whole takes four times as long (Node 20).
  let a = A0;
  let b = B0;
  let c = C0;
  let d = D0;
  for (let i = 0; i < 64; i += 1) {
    const added = (sines[i] as number) + (block[order[i] as number] as number);
    const sum = (a + mixed(i, b, c, d) + added) | 0;
    const turn = turns[i] as number;
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << turn) | (sum >>> (32 - turn)))) | 0;
  }
  return [bigEndian(a + A0), bigEndian(b + B0), bigEndian(c + C0), bigEndian(d + D0)];
}

/** Fills the block; answers all characters or-ed together. */
function load(text: string): number {
  const { length } = text;
  let seen = 0;
  block.fill(0);
  for (let at = 0; at < length; at += 1) {
    const code = text.charCodeAt(at);
    seen |= code;
    put(at, code);
  }
  put(length, 0x80);
  block[14] = length << 3;
  return seen;
}

function put(at: number, byte: number): void {
  block[at >>> 2] = (block[at >>> 2] as number) | (byte << ((at & 3) << 3));
}

function mixed(i: number, b: number, c: number, d: number): number {
  if (i < 16) return (b & c) | (~b & d);
  if (i < 32) return (b & d) | (c & ~d);
  return i < 48 ? b ^ c ^ d : c ^ (b | ~d);
}

function bigEndian(n: number): number {
  return ((n << 24) | ((n & 0xff00) << 8) | ((n >>> 8) & 0xff00) | (n >>> 24)) >>> 0;
}

/** A hash key from 0 to 2^128-1, the space that shards divide: four unsigned 32-bit words, highest first. */
export type HashKey = readonly [number, number, number, number];

/** As the service states it. Source: Kinesis API reference, PutRecordsRequestEntry. */
const decimal = /^(0|[1-9]\d{0,38})$/;
const ringSize = 2n ** 128n;
const wordMask = 0xffff_ffffn;

/** Returns the hash key of a partition key: the MD5 of its UTF-8 bytes. */
export function partitionHash(key: string): HashKey {
  return md5OfShortAscii(key) ?? longHash(key);
}

/**
 * Reads a hash key as the API writes it.
 *
 * Errors: throws `bad-data` for anything but a decimal integer from 0 to 2^128-1.
 */
export function hashKeyFromDecimal(text: string): HashKey {
  const value = decimal.test(text) ? BigInt(text) : ringSize;
  if (value >= ringSize) {
    const seen = JSON.stringify(text);
    throw new FraudstreamError(
      'bad-data',
      `A hash key must be a decimal integer from 0 to 2^128-1, not ${seen}. Correct it or leave it out.`,
    );
  }
  return [wordOf(value, 96n), wordOf(value, 64n), wordOf(value, 32n), wordOf(value, 0n)];
}

/** Writes a hash key as the API reads it. */
export function hashKeyToDecimal([a, b, c, d]: HashKey): string {
  return ((BigInt(a) << 96n) | (BigInt(b) << 64n) | (BigInt(c) << 32n) | BigInt(d)).toString();
}

/** Negative when `a` stands before `b`, positive when after, 0 when they are equal. */
export function compareHashKeys(a: HashKey, b: HashKey): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3];
}

function longHash(key: string): HashKey {
  const digest = createHash('md5').update(key, 'utf8').digest();
  const word = (at: number) => digest.readUInt32BE(at);
  return [word(0), word(4), word(8), word(12)];
}

function wordOf(value: bigint, shift: bigint): number {
  return Number((value >> shift) & wordMask);
}
