import type { Type } from 'avsc';
import { type AvroField, type AvroType, type LogicalSchema, partsOf } from './avro-types.ts';
import { decimalBytes, isUuid, uuidBytes } from './logical-types.ts';
import { isRecordValue, Misfit } from './misfit.ts';

/** Writes one value. Errors: throws `Misfit` for one that is not of the type. */
type Write = (output: AvroOutput, value: unknown) => void;

const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;

/** The bytes of one record as they are written. */
export class AvroOutput {
  #bytes = Buffer.allocUnsafe(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Takes back what was written from a position on. */
  cut(length: number): void {
    this.#length = length;
  }

  whole(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }

  byte(value: number): void {
    this.#grow(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  raw(bytes: Uint8Array): void {
    this.#grow(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** A number in zigzag and groups of seven bits. Source: Avro specification, binary encoding. */
  long(value: number | bigint): void {
    if (typeof value === 'number' && Math.abs(value) < 2 ** 51) {
      let left = value >= 0 ? value * 2 : -value * 2 - 1;
      for (; left >= 0x80; left = Math.floor(left / 128)) this.byte((left % 128) | 0x80);
      this.byte(left);
      return;
    }
    const long = BigInt(value);
    let left = long >= 0n ? long * 2n : -long * 2n - 1n;
    for (; left >= 0x80n; left >>= 7n) this.byte(Number(left & 0x7fn) | 0x80);
    this.byte(Number(left));
  }

  text(value: string): void {
    this.sized(Buffer.from(value, 'utf8'));
  }

  sized(bytes: Uint8Array): void {
    this.long(bytes.length);
    this.raw(bytes);
  }

  float(value: number): void {
    this.#grow(4);
    this.#length = this.#bytes.writeFloatLE(value, this.#length);
  }

  double(value: number): void {
    this.#grow(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
  }

  #grow(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#length + count));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** Compiles writers of types, each type once: a type may have itself in it. */
export class AvroWriters {
  readonly #writers = new Map<Type, Write>();

  of(type: Type): Write {
    const known = this.#writers.get(type);
    if (known) return known;
    let write: Write = () => undefined;
    this.#writers.set(type, (output, value) => write(output, value));
    write = this.#made(type);
    this.#writers.set(type, write);
    return write;
  }

  #made(type: Type): Write {
    const { type: parts, logical } = partsOf(type);
    if (logical?.kind === 'decimal') return decimalWrite(parts, logical);
    if (logical?.kind === 'uuid') return uuidWrite(parts);
    const simple = simpleWrites[parts.typeName];
    if (simple) return simple;
    switch (parts.typeName) {
      case 'fixed':
        return fixedWrite(parts);
      case 'enum':
        return enumWrite(parts);
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

  #record({ fields = [], name: title = 'the record' }: AvroType): Write {
    const names = new Set(fields.map(({ name }) => name));
    const writes = fields.map((field) => ({
      name: field.name,
      write: this.of(field.type),
      absent: absentValue(field),
    }));
    return (output, value) => {
      if (!isRecordValue(value)) throw new Misfit('must be an object', value);
      checkNames(value, names, title);
      for (const { name, write, absent } of writes) {
        const given = Object.hasOwn(value, name) ? value[name] : undefined;
        writeWithin(name, output, given === undefined ? absent : given, write);
      }
    };
  }

  #array({ itemsType }: AvroType): Write {
    const write = this.of(itemsType as Type);
    return (output, value) => {
      if (!Array.isArray(value)) throw new Misfit('must be a list', value);
      if (value.length > 0) output.long(value.length);
      for (const [index, item] of value.entries()) {
        writeWithin(String(index), output, item, write);
      }
      output.long(0);
    };
  }

  #map({ valuesType }: AvroType): Write {
    const write = this.of(valuesType as Type);
    return (output, value) => {
      if (!isRecordValue(value)) throw new Misfit('must be an object', value);
      const entries = Object.entries(value).filter(([, one]) => one !== undefined);
      if (entries.length > 0) output.long(entries.length);
      for (const [name, one] of entries) {
        output.text(name);
        writeWithin(name, output, one, write);
      }
      output.long(0);
    };
  }

  /** The first branch that the value fits. */
  #union({ types = [] }: AvroType): Write {
    const writes = types.map((type) => this.of(type));
    const names = types.map((type) => partsOf(type).type.name ?? partsOf(type).type.typeName);
    return (output, value) => {
      const misfits: Misfit[] = [];
      for (const [branch, write] of writes.entries()) {
        const misfit = misfitOf(output, branch, value, write);
        if (!misfit) return;
        if (names[branch] !== 'null') misfits.push(misfit);
      }
      // Of a nullable type the other branch says what is wrong.
      const [only] = misfits;
      throw misfits.length === 1 && only
        ? only
        : new Misfit(`must be one of ${names.join(', ')}`, value);
    };
  }
}

/** Writes a branch of a union and nothing else; returns why the value does not fit, and then writes nothing. */
function misfitOf(
  output: AvroOutput,
  branch: number,
  value: unknown,
  write: Write,
): Misfit | undefined {
  const from = output.length;
  try {
    output.long(branch);
    write(output, value);
    return undefined;
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    output.cut(from);
    return error;
  }
}

/** Errors: `Misfit` for a name that the record does not have. */
function checkNames(
  value: Readonly<Record<string, unknown>>,
  names: ReadonlySet<string>,
  title: string,
): void {
  for (const name in value) {
    if (value[name] === undefined || names.has(name)) continue;
    throw new Misfit(`is no field of ${title}`, value[name]).within(name);
  }
}

function writeWithin(name: string, output: AvroOutput, value: unknown, write: Write): void {
  try {
    write(output, value);
  } catch (error) {
    throw error instanceof Misfit ? error.within(name) : error;
  }
}

/** What stands for a field that is absent: its default, or null where that is possible. */
function absentValue(field: AvroField): unknown {
  const given = field.defaultValue();
  const { type, logical } = partsOf(field.type);
  if (type.typeName.startsWith('union')) {
    // avsc names the branch around the default of a union.
    if (isRecordValue(given)) return Object.values(given)[0];
    const isNullable = type.types?.some((branch) => partsOf(branch).type.typeName === 'null');
    return isNullable ? null : given;
  }
  return logical ? undefined : given;
}

const simpleWrites: Readonly<Record<string, Write>> = {
  null: (_, value) => {
    if (value !== null) throw new Misfit('must be null', value);
  },
  boolean: (output, value) => {
    if (typeof value !== 'boolean') throw new Misfit('must be true or false', value);
    output.byte(value ? 1 : 0);
  },
  int: (output, value) => {
    if (typeof value !== 'number' || value !== (value | 0)) {
      throw new Misfit('must be a whole number of 32 bits', value);
    }
    output.long(value);
  },
  long: (output, value) => {
    const isLong =
      typeof value === 'bigint'
        ? value >= LONG_MIN && value <= LONG_MAX
        : Number.isSafeInteger(value);
    if (!isLong) throw new Misfit('must be a whole number of 64 bits', value);
    output.long(value as number | bigint);
  },
  float: (output, value) => {
    const isFloat =
      typeof value === 'number' && (Number.isNaN(value) || Math.fround(value) === value);
    if (!isFloat) throw new Misfit('must be a number that a float holds exactly', value);
    output.float(value);
  },
  double: (output, value) => {
    if (typeof value !== 'number') throw new Misfit('must be a number', value);
    output.double(value);
  },
  bytes: (output, value) => {
    if (!(value instanceof Uint8Array)) throw new Misfit('must be binary', value);
    output.sized(value);
  },
  string: (output, value) => {
    if (typeof value !== 'string') throw new Misfit('must be a text', value);
    output.text(value);
  },
};

function fixedWrite({ size = 0 }: AvroType): Write {
  return (output, value) => {
    if (!(value instanceof Uint8Array) || value.length !== size) {
      throw new Misfit(`must be binary of ${size} bytes`, value);
    }
    output.raw(value);
  };
}

function enumWrite({ symbols = [] }: AvroType): Write {
  const indexes = new Map<unknown, number>(symbols.map((symbol, index) => [symbol, index]));
  return (output, value) => {
    const index = indexes.get(value);
    if (index === undefined) throw new Misfit(`must be one of ${symbols.join(', ')}`, value);
    output.long(index);
  };
}

function decimalWrite({ typeName, size }: AvroType, schema: LogicalSchema): Write {
  const isFixed = typeName === 'fixed';
  return (output, value) => {
    const bytes = decimalBytes(value, schema, isFixed ? size : undefined);
    if (typeof bytes === 'string') throw new Misfit(bytes, value);
    if (isFixed) output.raw(bytes);
    else output.sized(bytes);
  };
}

function uuidWrite({ typeName }: AvroType): Write {
  return (output, value) => {
    if (!isUuid(value)) throw new Misfit('must be a UUID', value);
    if (typeName === 'fixed') output.raw(uuidBytes(value));
    else output.text(value);
  };
}
