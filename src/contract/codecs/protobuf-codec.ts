import type { Enum, Field, Message, Type } from 'protobufjs';
import { messageOf } from '../../errors.ts';
import type { DecodedPayload, PayloadCodec } from '../payload-codec.ts';
import { isRecordValue, Misfit } from './misfit.ts';

/** What of protobufjs is used besides the types of a schema. */
export type Protobufjs = Pick<typeof import('protobufjs'), 'Type' | 'Enum' | 'MapField' | 'util'>;

type Convert = (value: unknown) => unknown;

/** An integer of 64 bits, as the package long has it. */
interface Long {
  toNumber(): number;
  toString(): string;
}

interface LongClass {
  fromString(text: string, isUnsigned: boolean): Long;
}

/** A field with the functions for its value, single or in a list. */
interface CompiledField {
  readonly name: string;
  readonly read: Convert;
  readonly write: Convert;
  /** A field without presence has its default where nothing was sent: 0 cannot be told from absent. */
  readonly hasDefault: boolean;
}

/** A message type, as it is read and written. */
interface CompiledType {
  readonly title: string;
  readonly fields: ReadonlyMap<string, CompiledField>;
}

/** The least and the most of each integer type. */
const integerRanges: Readonly<Record<string, readonly [min: bigint, max: bigint]>> = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  sint32: [-(2n ** 31n), 2n ** 31n - 1n],
  sfixed32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  fixed32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  sint64: [-(2n ** 63n), 2n ** 63n - 1n],
  sfixed64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
  fixed64: [0n, 2n ** 64n - 1n],
};

/**
 * Compiles a Protobuf message type to a codec.
 *
 * Fields have their names in the file. Enums are the names of their values, numbers where the schema has no name; binary is
 * `Uint8Array`; integers past 2^53 are `bigint`. A field without presence, as in proto3, is its default where nothing was
 * sent; one with presence is absent then. Unknown fields are passed over, as Protobuf wants it.
 * Errors: `encode` throws `Misfit` for a value that is not of its field.
 */
export function protobufCodec(type: Type, protobufjs: Protobufjs): PayloadCodec {
  const compiler = new Compiler(protobufjs);
  const { read, write } = compiler.message(type);
  return {
    encode: (value) => type.encode(write(value) as Message).finish(),
    decode: (bytes): DecodedPayload => {
      try {
        const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
        compiler.bytes = buffer;
        return { value: read(type.decode(buffer)) };
      } catch (error) {
        return { reason: `is not of message ${type.name}: ${messageOf(error)}` };
      }
    },
  };
}

class Compiler {
  /** The record that is being read. */
  bytes: Buffer = Buffer.alloc(0);
  readonly #protobufjs: Protobufjs;
  readonly #types = new Map<Type, { readonly read: Convert; readonly write: Convert }>();

  constructor(protobufjs: Protobufjs) {
    this.#protobufjs = protobufjs;
  }

  /** A type may have itself in it: its fields are compiled when they are first needed. */
  message(type: Type): { readonly read: Convert; readonly write: Convert } {
    const known = this.#types.get(type);
    if (known) return known;
    let compiled: CompiledType | undefined;
    const parts = (): CompiledType => {
      compiled ??= {
        title: type.name,
        fields: new Map(type.fieldsArray.map((field) => [field.name, this.#field(field)])),
      };
      return compiled;
    };
    const converts = {
      read: (message: unknown) => readMessage(message, parts()),
      write: (value: unknown) => writeMessage(value, parts(), type),
    };
    this.#types.set(type, converts);
    return converts;
  }

  #field(field: Field): CompiledField {
    field.resolve();
    const { read, write } = this.#value(field);
    const { name } = field;
    const isMap = field instanceof this.#protobufjs.MapField;
    if (field.repeated || isMap) {
      return {
        name,
        hasDefault: true,
        read: isMap ? mapRead(read) : (list) => (list as readonly unknown[]).map(read),
        write: isMap ? mapWrite(write) : listWrite(write),
      };
    }
    return { name, hasDefault: !field.hasPresence, read, write };
  }

  #value(field: Field): { readonly read: Convert; readonly write: Convert } {
    const { resolvedType } = field;
    if (resolvedType instanceof this.#protobufjs.Type) return this.message(resolvedType);
    if (resolvedType instanceof this.#protobufjs.Enum) return enumValue(resolvedType);
    const range = integerRanges[field.type];
    if (range) return this.#integer(field.type, range);
    if (field.type === 'string')
      return { read: (value) => this.#text(String(value)), write: textWrite };
    const simple = simpleValues[field.type];
    if (simple) return simple;
    throw new Error(`field ${field.fullName} has type ${field.type}, which is unknown`);
  }

  /** Of proto2, protobufjs puts U+FFFD where a text is not UTF-8: where it was not sent, the text is none. */
  #text(text: string): string {
    if (!text.includes('\ufffd') || this.bytes.includes(text)) return text;
    throw new Error('it has a text that is not UTF-8');
  }

  #integer(
    name: string,
    [min, max]: readonly [bigint, bigint],
  ): { readonly read: Convert; readonly write: Convert } {
    const LongType = this.#protobufjs.util.Long as unknown as LongClass;
    const isLong = name.endsWith('64');
    const isUnsigned = min === 0n;
    return {
      read: (value) => (typeof value === 'number' ? value : numberOf(value as Long)),
      write: (value) => {
        const isWhole = typeof value === 'bigint' || Number.isSafeInteger(value);
        const integer = isWhole ? BigInt(value as number | bigint) : undefined;
        if (integer === undefined || integer < min || integer > max) {
          throw new Misfit(`must be a whole number from ${min} to ${max}`, value);
        }
        return isLong ? LongType.fromString(String(integer), isUnsigned) : Number(integer);
      },
    };
  }
}

function numberOf(long: Long): number | bigint {
  const number = long.toNumber();
  return Number.isSafeInteger(number) ? number : BigInt(long.toString());
}

function readMessage(message: unknown, { fields }: CompiledType): unknown {
  const from = message as Readonly<Record<string, unknown>>;
  const record: Record<string, unknown> = {};
  for (const { name, read, hasDefault } of fields.values()) {
    const isSent = Object.hasOwn(from, name);
    if (!isSent && !hasDefault) continue;
    const value = from[name];
    if (value !== undefined && value !== null) record[name] = read(value);
  }
  return record;
}

function writeMessage(value: unknown, { title, fields }: CompiledType, type: Type): unknown {
  if (!isRecordValue(value)) throw new Misfit('must be an object', value);
  const message: Record<string, unknown> = {};
  for (const [name, given] of Object.entries(value)) {
    // Protobuf has no null: a field is absent, or has a value.
    if (given === undefined || given === null) continue;
    const field = fields.get(name);
    if (!field) throw new Misfit(`is no field of ${title}`, given).within(name);
    message[name] = within(name, given, field.write);
  }
  for (const { name, required } of type.fieldsArray) {
    if (required && message[name] === undefined) {
      throw new Misfit('is required', undefined).within(name);
    }
  }
  return type.create(message);
}

function mapRead(read: Convert): Convert {
  return (map) =>
    Object.fromEntries(Object.entries(map as object).map(([key, one]) => [key, read(one)]));
}

function mapWrite(write: Convert): Convert {
  return (map) => {
    if (!isRecordValue(map)) throw new Misfit('must be an object', map);
    const entries = Object.entries(map).filter(([, one]) => one !== undefined && one !== null);
    return Object.fromEntries(entries.map(([key, one]) => [key, within(key, one, write)]));
  };
}

function listWrite(write: Convert): Convert {
  return (list) => {
    if (!Array.isArray(list)) throw new Misfit('must be a list', list);
    return list.map((item, index) => within(String(index), item, write));
  };
}

function within(name: string, value: unknown, write: Convert): unknown {
  try {
    return write(value);
  } catch (error) {
    throw error instanceof Misfit ? error.within(name) : error;
  }
}

function enumValue({ values, valuesById }: Enum): {
  readonly read: Convert;
  readonly write: Convert;
} {
  return {
    read: (number) => valuesById[number as number] ?? number,
    write: (value) => {
      if (typeof value === 'string' && Object.hasOwn(values, value)) return values[value];
      if (typeof value === 'number' && value === (value | 0)) return value;
      throw new Misfit(`must be one of ${Object.keys(values).join(', ')}`, value);
    },
  };
}

const asIs: Convert = (value) => value;

const simpleValues: Readonly<Record<string, { readonly read: Convert; readonly write: Convert }>> =
  {
    double: { read: asIs, write: numberWrite },
    float: {
      read: asIs,
      write: (value) => {
        const number = numberWrite(value);
        if (Number.isNaN(number) || Math.fround(number) === number) return number;
        throw new Misfit('must be a number that a float holds exactly', value);
      },
    },
    bool: {
      read: asIs,
      write: (value) => {
        if (typeof value === 'boolean') return value;
        throw new Misfit('must be true or false', value);
      },
    },
    bytes: {
      read: (value) => Buffer.from(value as Uint8Array),
      write: (value) => {
        if (value instanceof Uint8Array) return value;
        throw new Misfit('must be binary', value);
      },
    },
  };

function textWrite(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new Misfit('must be a text', value);
}

function numberWrite(value: unknown): number {
  if (typeof value === 'number') return value;
  throw new Misfit('must be a number', value);
}
