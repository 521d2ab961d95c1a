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
 * Where a partition key is listed, kept beside the key by a caller that sees it again and again.
 *
 * An aggregate that lists a marked key need not look it up: one look-up of the caller serves its own purpose and this one.
 */
export class PartitionKeyMark {
  /** The table that listed the key last, by an object that keeps no aggregate alive. */
  table: object | undefined;
  index: number = 0;
  /** What listing the key adds to a table. */
  listing: string | undefined;
}

/**
 * Key table of an aggregate: each key once, in order of first appearance.
 *
 * Kept as texts, one character for each byte to write, so that a single call writes it all.
 */
export class PartitionKeyTable {
  readonly #tag: number;
  readonly #heads: readonly string[];
  readonly #identity = {};
  readonly #listings: string[] = [];
  /** Of all keys from the first one without a mark on, and of that one; absent before. */
  #indexes: Map<string, number> | undefined;

  constructor(tag: number, heads: readonly string[]) {
    this.#tag = tag;
    this.#heads = heads;
  }

  get count(): number {
    return this.#listings.length;
  }

  /** Where the key stands; where it would stand (`count`) while it is not listed. */
  indexOf(key: string, mark: PartitionKeyMark | undefined): number {
    if (mark?.table === this.#identity) return mark.index;
    return this.#indexes?.get(key) ?? this.#listings.length;
  }

  /** What listing the key adds to the table: tag, length, and the key in UTF-8. */
  listing(key: string, mark: PartitionKeyMark | undefined): string {
    return mark?.listing ?? this.#listing(key);
  }

  #listing(key: string): string {
    const keyBytes = Buffer.byteLength(key, 'utf8');
    const bytes = keyBytes === key.length ? key : Buffer.from(key, 'utf8').toString('latin1');
    return (this.#heads[keyBytes] ?? head(this.#tag, keyBytes)) + bytes;
  }

  /** Lists a key, whose index its mark then tells. */
  add(key: string, listing: string, mark: PartitionKeyMark | undefined): void {
    const index = this.#listings.length;
    if (!mark) this.#indexes ??= new Map();
    this.#indexes?.set(key, index);
    this.#listings.push(listing);
    if (!mark) return;
    mark.table = this.#identity;
    mark.index = index;
    mark.listing = listing;
  }

  /** Writes the table; answers the offset after it. */
  write(target: Buffer, at: number): number {
    return at + target.write(this.#listings.join(''), at, 'latin1');
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
export class OpenAggregate<Added extends AggregableRecord = AggregableRecord> {
  readonly limitBytes: number;
  readonly maxCount: number;
  readonly #keys = new PartitionKeyTable(messageTags.partitionKey, partitionKeyHeads);
  readonly #hashKeys = new PartitionKeyTable(messageTags.explicitHashKey, hashKeyHeads);
  // Columns, one row a record: an object for each would be most of the garbage of a producer.
  readonly #records: Added[] = [];
  readonly #keyIndexes: number[] = [];
  /** Absent while no record has an explicit hash key. */
  #hashIndexes: number[] | undefined;
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

  /** The record that was added as number `row`, from 0 on. */
  record(row: number): Added {
    return this.#records[row] as Added;
  }

  /** The record that decides where the aggregate goes. */
  get first(): Added {
    const [first] = this.#records;
    if (first) return first;
    throw new FraudstreamError('internal', 'An empty aggregate was sealed. Report this as a bug.');
  }

  /**
   * Takes the record and answers true; answers false, unchanged, when it does not fit.
   *
   * `mark` is that of the partition key, and given with every record of the key or with none. Without explicit hash keys, a marked
   * key belongs to one open aggregate at a time: another would list it again.
   */
  tryAdd(record: Added, mark?: PartitionKeyMark): boolean {
    const { partitionKey, explicitHashKey } = record;
    const keyIndex = this.#keys.indexOf(partitionKey, mark);
    const hashIndex =
      explicitHashKey === undefined ? NONE : this.#hashKeys.indexOf(explicitHashKey, undefined);
    const newKey =
      keyIndex === this.#keys.count ? this.#keys.listing(partitionKey, mark) : undefined;
    const newHash =
      explicitHashKey !== undefined && hashIndex === this.#hashKeys.count
        ? this.#hashKeys.listing(explicitHashKey, undefined)
        : undefined;
    const body = bodyBytes(record.data.length, keyIndex, hashIndex);
    const listed = (newKey?.length ?? 0) + (newHash?.length ?? 0);
    const addedBytes = listed + 1 + varintBytes(body) + body;
    if (!this.#fits(addedBytes)) return false;

    // A key with explicit hash keys is in the aggregates of many shards, of which its mark knows one.
    const ownMark = explicitHashKey === undefined ? mark : undefined;
    if (newKey !== undefined) this.#keys.add(partitionKey, newKey, ownMark);
    if (newHash !== undefined && explicitHashKey !== undefined) {
      this.#hashKeys.add(explicitHashKey, newHash, undefined);
    }
    if (hashIndex !== NONE) this.#hashIndexes ??= this.#records.map(() => NONE);
    this.#hashIndexes?.push(hashIndex);
    this.#records.push(record);
    this.#keyIndexes.push(keyIndex);
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
      const { data } = this.record(row);
      const keyIndex = this.#keyIndexes[row] as number;
      at = writeRecord(target, data, keyIndex, this.#hashIndexes?.[row] ?? NONE, at);
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
