import type { Schema, types } from 'avsc';
import { messageOf } from '../../errors.ts';
import type { DecodedPayload, PayloadCodec } from '../payload-codec.ts';
import { AvroInput, AvroReaders } from './avro-reader.ts';
import type { LogicalSchema } from './avro-types.ts';
import { AvroOutput, AvroWriters } from './avro-writer.ts';

/** What of avsc is used: it reads schemas. */
export type Avsc = Pick<typeof import('avsc'), 'Type' | 'types'>;

/**
 * Compiles an Avro schema to a codec of its binary encoding.
 *
 * Decimals are texts with all their digits, UUIDs texts, instants and dates the numbers that stand for them, enums their
 * symbols, binary `Uint8Array`. A union is the value itself, written as the first branch that it fits. Absent fields get
 * their default, or null where the type is nullable.
 *
 * avsc reads the schema; the bytes are read here, because it takes counts of items on trust and longs past 2^53 not at all.
 * Errors: those of avsc for what is no schema. Source: Avro specification 1.12.
 */
export function avroCodec(schema: unknown, avsc: Avsc): PayloadCodec {
  const type = avsc.Type.forSchema(schema as Schema, {
    logicalTypes: logicalTypes(avsc),
    wrapUnions: true,
  });
  const read = new AvroReaders().of(type);
  const write = new AvroWriters().of(type);
  return {
    encode: (value) => {
      const output = new AvroOutput();
      write(output, value);
      return output.whole();
    },
    decode: (bytes): DecodedPayload => {
      const input = new AvroInput(bytes);
      try {
        const value = read(input);
        const left = bytes.length - input.position;
        return left === 0 ? { value } : { reason: `has ${left} bytes behind its Avro value` };
      } catch (error) {
        // Types within themselves may be as deep as the bytes are many.
        const reason = error instanceof RangeError ? 'is nested too deeply' : messageOf(error);
        return { reason: `is not of its Avro schema: it ${reason}` };
      }
    },
  };
}

function logicalTypes({
  types: { LogicalType },
}: Avsc): Record<string, new () => types.LogicalType> {
  const annotated = (kind: LogicalSchema['kind']): unknown =>
    class extends LogicalType {
      readonly logicalSchema: LogicalSchema;

      constructor(
        schema: { readonly precision?: number; readonly scale?: number },
        options?: object,
      ) {
        super(schema as Schema, options);
        this.logicalSchema = { kind, precision: schema.precision ?? 0, scale: schema.scale ?? 0 };
      }

      protected override _fromValue(value: unknown): unknown {
        return value;
      }

      protected override _toValue(value: unknown): unknown {
        return value;
      }
    };
  return { decimal: annotated('decimal'), uuid: annotated('uuid') } as Record<
    string,
    new () => types.LogicalType
  >;
}
