import { createHash } from 'node:crypto';
import { FraudstreamError } from '../fraudstream-error.ts';
import { md5OfShortAscii } from './md5-block.ts';

/** A place in the ring of 2^128 that the shards share: four unsigned 32-bit words, highest first. */
export type HashKey = readonly [number, number, number, number];

/** As the service states it. Source: Kinesis API reference, PutRecordsRequestEntry. */
const decimal = /^(0|[1-9]\d{0,38})$/;
const ringSize = 2n ** 128n;
const wordMask = 0xffff_ffffn;

/** Where Kinesis places a partition key: the MD5 of its UTF-8 bytes. */
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
