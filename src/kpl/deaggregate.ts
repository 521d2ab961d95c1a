import { hash } from 'node:crypto';
import type { AggregableRecord } from './open-aggregate.ts';
import {
  DIGEST_BYTES,
  MAGIC_BYTES,
  messageTags,
  recordTags,
  startsWithMagic,
} from './wire-format.ts';

/** Kinds of protobuf field, the low three bits of a tag. Source: protobuf encoding guide. */
const wireTypes = { varint: 0, eightBytes: 1, counted: 2, fourBytes: 5 } as const;

/**
 * Reads protobuf from bytes and never throws.
 *
 * Once something cannot be read `isBroken` stays true, every read answers 0 and the cursor stands
 * at the end, so that loops over it finish and one look at the end suffices.
 */
export class ByteCursor {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  at: number;
  isBroken: boolean = false;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#end = end;
    this.at = start;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#end;
  }

  /** A whole number; exact below 2^53, which is past every length and index. */
  varint(): number {
    let value = 0;
    // Ten bytes carry 64 bits; an eleventh is malformed.
    for (let scale = 1; scale < 2 ** 70 && this.at < this.#end; scale *= 0x80) {
      const byte = this.#bytes[this.at++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return this.#break();
  }

  /** Steps over a counted stretch and answers its length: it ends at `at`. */
  counted(): number {
    return this.#advance(this.varint());
  }

  /** Skips the value of a field. */
  skip(tag: number): void {
    const wireType = tag & 7;
    if (tag < 8) this.#break();
    else if (wireType === wireTypes.varint) this.varint();
    else if (wireType === wireTypes.eightBytes) this.#advance(8);
    else if (wireType === wireTypes.counted) this.counted();
    else if (wireType === wireTypes.fourBytes) this.#advance(4);
    else this.#break();
  }

  #advance(length: number): number {
    if (length > this.#end - this.at) return this.#break();
    this.at += length;
    return length;
  }

  #break(): number {
    this.isBroken = true;
    this.at = this.#end;
    return 0;
  }
}

/**
 * Why bytes that begin like an aggregate are none: too short for a message, another MD5, a message
 * that cannot be read, or a record that names a key which the tables do not hold.
 */
export type Damage = 'short' | 'md5' | 'protobuf' | 'index';

/** Result of deaggregation: user records, a plain record, or damage. */
export type Deaggregated =
  | { readonly kind: 'plain' }
  | { readonly kind: 'aggregate'; readonly records: readonly AggregableRecord[] }
  | { readonly kind: 'damaged'; readonly reason: Damage };

interface Message {
  readonly keys: readonly string[];
  readonly hashKeys: readonly string[];
  /** Where each record's body starts and ends: twice as many numbers as records. */
  readonly bounds: readonly number[];
}

/**
 * Returns the user records in the data of a Kinesis record. Layout: wire-format.ts.
 *
 * Never throws: of a damaged aggregate nothing is taken, and the caller has the bytes to pass on.
 * The data of the records are views of the input, which they keep alive.
 */
export function deaggregate(data: Uint8Array): Deaggregated {
  if (!startsWithMagic(data)) return { kind: 'plain' };
  const messageEnd = data.length - DIGEST_BYTES;
  if (messageEnd <= MAGIC_BYTES) return damaged('short');
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  const digest = hash('md5', bytes.subarray(MAGIC_BYTES, messageEnd), 'buffer');
  if (!digest.equals(bytes.subarray(messageEnd))) return damaged('md5');
  const message = readMessage(bytes, messageEnd);
  return message ? readRecords(bytes, message) : damaged('protobuf');
}

function damaged(reason: Damage): Deaggregated {
  return { kind: 'damaged', reason };
}

/** Tables and records may come mixed, so no record is read before the last table entry. */
function readMessage(bytes: Buffer, end: number): Message | undefined {
  const keys: string[] = [];
  const hashKeys: string[] = [];
  const bounds: number[] = [];
  const cursor = new ByteCursor(bytes, MAGIC_BYTES, end);
  while (!cursor.isAtEnd) {
    const tag = cursor.varint();
    if (tag === messageTags.record) {
      const length = cursor.counted();
      bounds.push(cursor.at - length, cursor.at);
    } else if (tag === messageTags.partitionKey) keys.push(readKey(bytes, cursor));
    else if (tag === messageTags.explicitHashKey) hashKeys.push(readKey(bytes, cursor));
    else cursor.skip(tag);
  }
  return cursor.isBroken ? undefined : { keys, hashKeys, bounds };
}

function readKey(bytes: Buffer, cursor: ByteCursor): string {
  const length = cursor.counted();
  return bytes.toString('utf8', cursor.at - length, cursor.at);
}

/** Reads to the end even where a key is missing: what cannot be read at all is the graver damage. */
function readRecords(bytes: Buffer, message: Message): Deaggregated {
  const { bounds } = message;
  const records: AggregableRecord[] = [];
  for (let i = 0; i < bounds.length; i += 2) {
    const body = readBody(bytes, bounds[i] as number, bounds[i + 1] as number);
    if (!body) return damaged('protobuf');
    const record = named(body, message);
    if (record) records.push(record);
  }
  const isWhole = records.length * 2 === bounds.length;
  return isWhole ? { kind: 'aggregate', records } : damaged('index');
}

interface Body {
  readonly keyIndex: number;
  readonly hashIndex: number | undefined;
  readonly data: Uint8Array;
}

/** Answers `undefined` where the body cannot be read or lacks its key index or its data. */
function readBody(bytes: Buffer, start: number, end: number): Body | undefined {
  let keyIndex: number | undefined;
  let hashIndex: number | undefined;
  let data: Uint8Array | undefined;
  const cursor = new ByteCursor(bytes, start, end);
  while (!cursor.isAtEnd) {
    const tag = cursor.varint();
    if (tag === recordTags.partitionKeyIndex) keyIndex = cursor.varint();
    else if (tag === recordTags.hashKeyIndex) hashIndex = cursor.varint();
    else if (tag === recordTags.data) {
      const length = cursor.counted();
      data = bytes.subarray(cursor.at - length, cursor.at);
    } else cursor.skip(tag);
  }
  if (cursor.isBroken || keyIndex === undefined || !data) return undefined;
  return { keyIndex, hashIndex, data };
}

/** Answers `undefined` where a table lacks the key. */
function named(
  { keyIndex, hashIndex, data }: Body,
  { keys, hashKeys }: Message,
): AggregableRecord | undefined {
  const partitionKey = keys[keyIndex];
  if (partitionKey === undefined) return undefined;
  if (hashIndex === undefined) return { partitionKey, data };
  const explicitHashKey = hashKeys[hashIndex];
  return explicitHashKey === undefined ? undefined : { partitionKey, explicitHashKey, data };
}
