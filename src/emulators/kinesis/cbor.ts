/**
 * AWS CBOR 1.1, the form in which the AWS SDKs for Java speak to Kinesis unless told otherwise.
 *
 * Values are those of AWS JSON: a byte string is Base64 text, a timestamp (tag 1, milliseconds on
 * the wire) is epoch seconds. Source: RFC 8949; the JSON protocol's fields of type blob and
 * timestamp in the Kinesis API reference.
 */
export const CBOR_TYPE = 'application/x-amz-cbor-1.1';

/** Fields of answers that are blobs, and those that are timestamps. */
const BLOBS: ReadonlySet<string> = new Set(['Data']);
const TIMESTAMPS: ReadonlySet<string> = new Set([
  'ApproximateArrivalTimestamp',
  'ConsumerCreationTimestamp',
  'StreamCreationTimestamp',
]);

const TIMESTAMP_TAG = 1;
const INDEFINITE = 31;
const BREAK = 0xff;
/** No request of Kinesis is nested deeper than three times. */
const DEEPEST = 16;

const Major = {
  unsigned: 0,
  negative: 1,
  bytes: 2,
  text: 3,
  array: 4,
  map: 5,
  tag: 6,
  simple: 7,
} as const;

/** The value of one CBOR item. Errors: RangeError for bytes that are none. */
export function cborValue(bytes: Buffer): unknown {
  const reader = new CborReader(bytes);
  const value = reader.value(0);
  if (!reader.isAtEnd) throw new RangeError('Bytes follow the CBOR item.');
  return value;
}

/** A request of lists and maps of strings, blobs and numbers; nothing else is read. */
class CborReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  value(depth: number): unknown {
    if (depth > DEEPEST) throw new RangeError('CBOR is nested too deeply.');
    const first = this.#bytes.readUInt8(this.#at);
    const major = first >> 5;
    const info = first & 31;
    this.#at += 1;
    if (major === Major.simple) return this.#simple(info);
    const length = info === INDEFINITE ? undefined : this.#argument(info);
    return this.#ofMajor(major, length, depth);
  }

  #ofMajor(major: number, length: number | undefined, depth: number): unknown {
    if (major === Major.bytes) return this.#string(major, length).toString('base64');
    if (major === Major.text) return this.#string(major, length).toString('utf8');
    if (major === Major.array) return this.#items(length, () => this.value(depth + 1));
    if (major === Major.map) return this.#map(length, depth);
    if (length === undefined) throw new RangeError('CBOR without a length.');
    if (major === Major.tag) return this.#tagged(length, depth);
    return major === Major.unsigned ? length : -1 - length;
  }

  #argument(info: number): number {
    if (info < 24) return info;
    const bytes = 2 ** (info - 24);
    if (bytes > 8) throw new RangeError(`CBOR has no length of kind ${info}.`);
    const at = this.#at;
    this.#at += bytes;
    if (bytes < 8) return this.#bytes.readUIntBE(at, bytes);
    return Number(this.#bytes.readBigUInt64BE(at));
  }

  #simple(info: number): unknown {
    if (info === 20 || info === 21) return info === 21;
    if (info === 22 || info === 23) return null;
    const at = this.#at;
    if (info === 26) {
      this.#at += 4;
      return this.#bytes.readFloatBE(at);
    }
    if (info !== 27) throw new RangeError(`CBOR value ${info} is not known.`);
    this.#at += 8;
    return this.#bytes.readDoubleBE(at);
  }

  #string(major: number, length: number | undefined): Buffer {
    if (length === undefined)
      return Buffer.concat(this.#items(undefined, () => this.#chunk(major)));
    const at = this.#at;
    if (length > this.#bytes.length - at) throw new RangeError('CBOR is cut off.');
    this.#at += length;
    return this.#bytes.subarray(at, at + length);
  }

  #chunk(major: number): Buffer {
    const first = this.#bytes.readUInt8(this.#at);
    this.#at += 1;
    if (first >> 5 !== major) throw new RangeError('A CBOR string has a chunk of another kind.');
    return this.#string(major, this.#argument(first & 31));
  }

  #items<Item>(length: number | undefined, next: () => Item): Item[] {
    const items: Item[] = [];
    while (length === undefined ? !this.#isBreak() : items.length < length) items.push(next());
    return items;
  }

  #isBreak(): boolean {
    if (this.#bytes.readUInt8(this.#at) !== BREAK) return false;
    this.#at += 1;
    return true;
  }

  #map(length: number | undefined, depth: number): Record<string, unknown> {
    const entries = this.#items(length, (): [string, unknown] => {
      const key = this.value(depth + 1);
      return [String(key), this.value(depth + 1)];
    });
    return Object.fromEntries(entries);
  }

  #tagged(tag: number, depth: number): unknown {
    const value = this.value(depth + 1);
    return tag === TIMESTAMP_TAG && typeof value === 'number' ? value / 1000 : value;
  }
}

/** A value of AWS JSON as one CBOR item. `undefined` fields are left out. */
export function cborBytes(value: unknown): Buffer {
  const writer = new CborWriter();
  writer.value(value);
  return writer.bytes;
}

class CborWriter {
  #buffer = Buffer.allocUnsafe(4_096);
  #size = 0;

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#size);
  }

  value(value: unknown): void {
    if (typeof value === 'string') this.#text(value);
    else if (typeof value === 'number') this.#number(value);
    else if (typeof value === 'boolean') this.#byte((Major.simple << 5) | (value ? 21 : 20));
    else if (Array.isArray(value)) {
      this.#head(Major.array, value.length);
      for (const item of value) this.value(item);
    } else if (typeof value === 'object' && value !== null) this.#map(value);
    else this.#byte((Major.simple << 5) | 22);
  }

  #map(fields: object): void {
    const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
    this.#head(Major.map, entries.length);
    for (const [name, value] of entries) {
      this.#text(name);
      if (BLOBS.has(name)) this.#blob(String(value));
      else if (TIMESTAMPS.has(name)) this.#timestamp(Number(value));
      else this.value(value);
    }
  }

  #text(text: string): void {
    const length = Buffer.byteLength(text);
    this.#head(Major.text, length);
    this.#reserve(length);
    this.#size += this.#buffer.write(text, this.#size);
  }

  #blob(base64: string): void {
    const length = Buffer.byteLength(base64, 'base64');
    this.#head(Major.bytes, length);
    this.#reserve(length);
    this.#size += this.#buffer.write(base64, this.#size, 'base64');
  }

  #timestamp(seconds: number): void {
    this.#head(Major.tag, TIMESTAMP_TAG);
    this.#number(Math.round(seconds * 1000));
  }

  #number(value: number): void {
    if (Number.isSafeInteger(value)) {
      this.#head(value < 0 ? Major.negative : Major.unsigned, value < 0 ? -1 - value : value);
      return;
    }
    this.#byte((Major.simple << 5) | 27);
    this.#reserve(8);
    this.#size = this.#buffer.writeDoubleBE(value, this.#size);
  }

  #head(major: number, argument: number): void {
    this.#reserve(9);
    const kind = major << 5;
    if (argument < 24) this.#byte(kind | argument);
    else if (argument < 2 ** 8) {
      this.#byte(kind | 24);
      this.#byte(argument);
    } else if (argument < 2 ** 16) {
      this.#byte(kind | 25);
      this.#size = this.#buffer.writeUInt16BE(argument, this.#size);
    } else if (argument < 2 ** 32) {
      this.#byte(kind | 26);
      this.#size = this.#buffer.writeUInt32BE(argument, this.#size);
    } else {
      this.#byte(kind | 27);
      this.#size = this.#buffer.writeBigUInt64BE(BigInt(argument), this.#size);
    }
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#size] = value;
    this.#size += 1;
  }

  #reserve(bytes: number): void {
    const needed = this.#size + bytes;
    if (needed <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(grown, 0, 0, this.#size);
    this.#buffer = grown;
  }
}
