import { hash } from 'node:crypto';
import { FraudstreamError } from '../errors.ts';
import type { UserRecord } from '../transactions/user-record.ts';
import {
  DIGEST_BYTES,
  MAGIC_BYTES,
  magic,
  messageTags,
  recordTags,
  varintBytes,
  varintText,
  writeVarint,
} from './wire-format.ts';

/**
 * Key table of an aggregate: each key once, in order of first appearance.
 *
 * Kept as text, one character for each byte to write, so that a single call writes it all.
 */
export class PartitionKeyTable {
  readonly #tag: number;
  readonly #heads: readonly string[];
  readonly #indexes = new Map<string, number>();
  #text = '';

  constructor(tag: number, heads: readonly string[]) {
    this.#tag = tag;
    this.#heads = heads;
  }

  get count(): number {
    return this.#indexes.size;
  }

  /** Where the key stands; where it would stand (`count`) while it is not listed. */
  indexOf(key: string): number {
    return this.#indexes.get(key) ?? this.#indexes.size;
  }

  /** What listing the key adds to the table: tag, length, and the key in UTF-8. */
  listing(key: string): string {
    const keyBytes = Buffer.byteLength(key, 'utf8');
    const bytes = keyBytes === key.length ? key : Buffer.from(key, 'utf8').toString('latin1');
    return (this.#heads[keyBytes] ?? head(this.#tag, keyBytes)) + bytes;
  }

  add(key: string, listing: string): void {
    this.#indexes.set(key, this.#indexes.size);
    this.#text += listing;
  }

  /** Writes the table; answers the offset after it. */
  write(target: Buffer, at: number): number {
    return at + target.write(this.#text, at, 'latin1');
  }
}

/** Tag and length of a key, for the lengths that are usual. */
export function keyHeads(tag: number): readonly string[] {
  return Array.from({ length: 129 }, (_, length) => head(tag, length));
}

function head(tag: number, length: number): string {
  return String.fromCharCode(tag) + varintText(length);
}

/** What an aggregate keeps of a user record. */
export type AggregableRecord = Pick<UserRecord, 'partitionKey' | 'explicitHashKey' | 'data'>;

const partitionKeyHeads = keyHeads(messageTags.partitionKey);
const hashKeyHeads = keyHeads(messageTags.explicitHashKey);

/** Stands where a record has no explicit hash key. */
const NONE = -1;

/**
 * An aggregated Kinesis record that still takes user records. Layout: wire-format.ts.
 *
 * Its size is kept exact while it fills, so that nothing is encoded twice to learn whether it fits.
 * Data is read at `encode`, not copied before: it must not change in between.
 * Shapes: at most `limitBytes` and `maxCount`, except that a first record is always taken.
 */
export class OpenAggregate {
  readonly limitBytes: number;
  readonly maxCount: number;
  readonly #keys = new PartitionKeyTable(messageTags.partitionKey, partitionKeyHeads);
  readonly #hashKeys = new PartitionKeyTable(messageTags.explicitHashKey, hashKeyHeads);
  // Columns, one row a record: an object for each would be most of the garbage of a producer.
  readonly #records: AggregableRecord[] = [];
  readonly #keyIndexes: number[] = [];
  readonly #hashIndexes: number[] = [];
  #sizeBytes = MAGIC_BYTES + DIGEST_BYTES;

  constructor(limitBytes: number, maxCount: number) {
    this.limitBytes = limitBytes;
    this.maxCount = maxCount;
  }

  get count(): number {
    return this.#records.length;
  }

  /** What `encode` would answer now, in bytes. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** The record that decides where the aggregate goes. */
  get first(): AggregableRecord {
    const [first] = this.#records;
    if (first) return first;
    throw new FraudstreamError('internal', 'An empty aggregate was sealed. Report this as a bug.');
  }

  /** Takes the record and answers true; answers false, unchanged, when it does not fit. */
  tryAdd(record: AggregableRecord): boolean {
    const { partitionKey, explicitHashKey = '' } = record;
    const hasHash = record.explicitHashKey !== undefined;
    const keyIndex = this.#keys.indexOf(partitionKey);
    const hashIndex = hasHash ? this.#hashKeys.indexOf(explicitHashKey) : NONE;
    const newKey = keyIndex === this.#keys.count ? this.#keys.listing(partitionKey) : '';
    const newHash =
      hashIndex === this.#hashKeys.count ? this.#hashKeys.listing(explicitHashKey) : '';
    const body = bodyBytes(record.data.length, keyIndex, hashIndex);
    const addedBytes = newKey.length + newHash.length + 1 + varintBytes(body) + body;
    if (!this.#fits(addedBytes)) return false;

    if (newKey) this.#keys.add(partitionKey, newKey);
    if (newHash) this.#hashKeys.add(explicitHashKey, newHash);
    this.#records.push(record);
    this.#keyIndexes.push(keyIndex);
    this.#hashIndexes.push(hashIndex);
    this.#sizeBytes += addedBytes;
    return true;
  }

  /** The aggregated Kinesis record, `sizeBytes` long; the aggregate itself stays as it is. */
  encode(): Buffer {
    const target = Buffer.allocUnsafe(this.#sizeBytes);
    this.writeWithoutDigest(target);
    writeDigest(target);
    return target;
  }

  /** Writes what `encode` answers but for the last 16 bytes, which `writeDigest` writes, on any thread. */
  writeWithoutDigest(target: Buffer): void {
    target.set(magic, 0);
    let at = this.#keys.write(target, MAGIC_BYTES);
    at = this.#hashKeys.write(target, at);
    for (let row = 0; row < this.#records.length; row += 1) {
      const { data } = this.#records[row] as AggregableRecord;
      const keyIndex = this.#keyIndexes[row] as number;
      at = writeRecord(target, data, keyIndex, this.#hashIndexes[row] as number, at);
    }
  }

  #fits(addedBytes: number): boolean {
    if (this.count === 0) return true;
    return this.count < this.maxCount && this.#sizeBytes + addedBytes <= this.limitBytes;
  }
}

/** Bytes of a Record behind its own tag and length. */
function bodyBytes(dataBytes: number, keyIndex: number, hashIndex: number): number {
  const hashBytes = hashIndex === NONE ? 0 : 1 + varintBytes(hashIndex);
  return 1 + varintBytes(keyIndex) + hashBytes + 1 + varintBytes(dataBytes) + dataBytes;
}

/** Puts the MD5 of the message at the end of an aggregate of which all else is written. */
export function writeDigest(aggregate: Uint8Array): void {
  const end = aggregate.length - DIGEST_BYTES;
  aggregate.set(hash('md5', aggregate.subarray(MAGIC_BYTES, end), 'buffer'), end);
}

function writeRecord(
  target: Buffer,
  data: Uint8Array,
  keyIndex: number,
  hashIndex: number,
  start: number,
): number {
  const body = bodyBytes(data.length, keyIndex, hashIndex);
  let at = writeField(target, messageTags.record, body, start);
  at = writeField(target, recordTags.partitionKeyIndex, keyIndex, at);
  if (hashIndex !== NONE) at = writeField(target, recordTags.hashKeyIndex, hashIndex, at);
  at = writeField(target, recordTags.data, data.length, at);
  target.set(data, at);
  return at + data.length;
}

function writeField(target: Buffer, tag: number, value: number, at: number): number {
  target[at] = tag;
  return writeVarint(target, value, at + 1);
}
