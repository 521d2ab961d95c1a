import type { Type } from 'avsc';
import { type AvroType, partsOf } from './avro-types.ts';
import { decimalText, uuidText } from './logical-types.ts';

/** Reads one value at a position of the bytes, and moves on. Errors: throws for bytes that are of no such value. */
type Read = (input: AvroInput) => unknown;

/**
 * Items without bytes, such as nulls, that one record may have: their count alone would cost memory.
 * Those with bytes are bounded by the bytes.
 */
const MOST_EMPTY_ITEMS = 10_000;

/** The bytes of one record, and how far they have been read. */
export class AvroInput {
  readonly bytes: Buffer;
  position = 0;
  emptyItems = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  take(count: number): Buffer {
    const from = this.position;
    const to = from + count;
    if (!(count >= 0 && to <= this.bytes.length)) {
      throw new Error(`ends within a value at byte ${from}`);
    }
    this.position = to;
    return this.bytes.subarray(from, to);
  }

  byte(): number {
    const byte = this.bytes[this.position];
    if (byte === undefined) throw new Error(`ends within a value at byte ${this.position}`);
    this.position += 1;
    return byte;
  }

  /** A number in zigzag and groups of seven bits; a bigint past 2^53. Source: Avro specification, binary encoding. */
  long(): number | bigint {
    let low = 0;
    let factor = 1;
    for (let count = 0; count < 7; count += 1) {
      const byte = this.byte();
      low += (byte & 0x7f) * factor;
      if (byte < 0x80) return low % 2 === 0 ? low / 2 : -(low + 1) / 2;
      factor *= 128;
    }
    return this.#longFrom(BigInt(low));
  }

  #longFrom(low: bigint): number | bigint {
    let value = low;
    for (let shift = 49n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (value >= 2n ** 64n) break;
        const signed = value & 1n ? -((value + 1n) >> 1n) : value >> 1n;
        const number = Number(signed);
        return Number.isSafeInteger(number) ? number : signed;
      }
    }
    throw new Error(`has a number of more than 64 bits before byte ${this.position}`);
  }

  /** A length or an index. */
  count(): number {
    return Number(this.long());
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Compiles readers of types, each type once: a type may have itself in it. */
export class AvroReaders {
  readonly #readers = new Map<Type, Read>();

  of(type: Type): Read {
    const known = this.#readers.get(type);
    if (known) return known;
    let read: Read = () => undefined;
    this.#readers.set(type, (input) => read(input));
    read = this.#made(type);
    this.#readers.set(type, read);
    return read;
  }

  #made(type: Type): Read {
    const { type: parts, logical } = partsOf(type);
    const read = this.#plain(parts);
    if (logical?.kind === 'decimal') {
      return (input) => decimalText(read(input) as Uint8Array, logical.scale);
    }
    if (logical?.kind === 'uuid' && parts.typeName === 'fixed') {
      return (input) => uuidText(read(input) as Uint8Array);
    }
    return read;
  }

  #plain(parts: AvroType): Read {
    const simple = simpleReads[parts.typeName];
    if (simple) return simple;
    switch (parts.typeName) {
      case 'fixed':
        return (input) => Buffer.from(input.take(parts.size ?? 0));
      case 'enum':
        return enumRead(parts);
      case 'record':
        return this.#record(parts);
      case 'array':
        return this.#array(parts);
      case 'map':
        return this.#map(parts);
      default:
        return this.#union(parts);
    }
  }

  #record({ fields = [] }: AvroType): Read {
    const reads = fields.map(({ name, type }) => ({ name, read: this.of(type) }));
    return (input) => {
      const record: Record<string, unknown> = {};
      for (const { name, read } of reads) define(record, name, read(input));
      return record;
    };
  }

  #array({ itemsType }: AvroType): Read {
    const read = this.of(itemsType as Type);
    return (input) => {
      const items: unknown[] = [];
      readBlocks(input, () => items.push(read(input)));
      return items;
    };
  }

  #map({ valuesType }: AvroType): Read {
    const read = this.of(valuesType as Type);
    return (input) => {
      const map: Record<string, unknown> = {};
      readBlocks(input, () => define(map, textRead(input), read(input)));
      return map;
    };
  }

  #union({ types = [] }: AvroType): Read {
    const reads = types.map((type) => this.of(type));
    return (input) => {
      const branch = input.count();
      const read = reads[branch];
      if (!read) throw new Error(`has branch ${branch} of a union of ${reads.length}`);
      return read(input);
    };
  }
}

const textRead = (input: AvroInput): string => {
  const bytes = input.take(input.count());
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Error(`has a text that is not UTF-8 before byte ${input.position}`);
  }
};

const simpleReads: Readonly<Record<string, Read>> = {
  null: () => null,
  boolean: (input) => {
    const byte = input.byte();
    if (byte > 1) throw new Error(`has the boolean ${byte}`);
    return byte === 1;
  },
  int: (input) => {
    const value = input.long();
    if (Number(value) === (Number(value) | 0)) return value;
    throw new Error(`has the int ${value}, which has more than 32 bits`);
  },
  long: (input) => input.long(),
  float: (input) => input.take(4).readFloatLE(),
  double: (input) => input.take(8).readDoubleLE(),
  bytes: (input) => Buffer.from(input.take(input.count())),
  string: textRead,
};

function enumRead({ symbols = [] }: AvroType): Read {
  return (input) => {
    const index = input.count();
    const symbol = symbols[index];
    if (symbol === undefined)
      throw new Error(`has symbol ${index} of an enum of ${symbols.length}`);
    return symbol;
  };
}

/** Items come in blocks, each with its count; a negative one is followed by the size of the block in bytes. */
function readBlocks(input: AvroInput, readItem: () => void): void {
  for (let count = input.count(); count !== 0; count = input.count()) {
    if (count < 0) input.long();
    for (let left = Math.abs(count); left > 0; left -= 1) {
      const before = input.position;
      readItem();
      if (input.position > before) continue;
      input.emptyItems += 1;
      if (input.emptyItems > MOST_EMPTY_ITEMS) {
        throw new Error(`has more than ${MOST_EMPTY_ITEMS} items without bytes`);
      }
    }
  }
}

/** A name may be `__proto__`. */
function define(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') object[name] = value;
  else
    Object.defineProperty(object, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
}
