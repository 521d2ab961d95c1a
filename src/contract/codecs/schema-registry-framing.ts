import { deflateSync, inflateSync } from 'node:zlib';
import type { DecodedPayload, PayloadCodec } from '../payload-codec.ts';
import { uuidBytes, uuidText } from './logical-types.ts';

/** First byte of a record in the framing of AWS Glue. Source: aws-glue-schema-registry, AWSSchemaRegistryConstants. */
const GLUE_VERSION = 3;
const COMPRESSED = { none: 0, zlib: 5 } as const;
const GLUE_HEADER_BYTES = 18;
const CONFLUENT_HEADER_BYTES = 5;
/** The most that a record may inflate to: what Kinesis takes in one record. */
const MOST_BYTES = 10 * 1_048_576;

/** What stands before a payload, with the version of its schema known. */
export type KnownFraming =
  | { readonly glue: { readonly versionId: string; readonly compression: 'none' | 'zlib' } }
  | { readonly confluent: { readonly id: number } };

/**
 * Framing of AWS Glue and Confluent: puts the header of the schema registry before each payload,
 * and removes it.
 *
 *     Glue       0x03  compression (0 none, 5 zlib)  UUID of the schema version, 16 bytes   payload
 *     Confluent  0x00  id of the schema, 4 bytes big-endian                                payload
 *
 * A record of another schema version is none of this codec: its fields may stand elsewhere. Of Glue, both compressions are read.
 */
export function framed(codec: PayloadCodec, framing: KnownFraming): PayloadCodec {
  return 'glue' in framing
    ? glueFramed(codec, framing.glue.versionId, framing.glue.compression)
    : confluentFramed(codec, framing.confluent.id);
}

function glueFramed(
  codec: PayloadCodec,
  versionId: string,
  compression: 'none' | 'zlib',
): PayloadCodec {
  const version = uuidBytes(versionId);
  const header = Buffer.concat([Buffer.from([GLUE_VERSION, COMPRESSED[compression]]), version]);
  return {
    encode: (value) => {
      const payload = codec.encode(value);
      return Buffer.concat([header, compression === 'zlib' ? deflateSync(payload) : payload]);
    },
    decode: (bytes) => {
      if (bytes.length < GLUE_HEADER_BYTES) return { reason: tooShort(bytes, GLUE_HEADER_BYTES) };
      if (bytes[0] !== GLUE_VERSION) return { reason: otherVersion(bytes[0], GLUE_VERSION) };
      const found = bytes.subarray(2, GLUE_HEADER_BYTES);
      if (!version.equals(found)) {
        return { reason: `has schema version ${uuidText(found)}, not ${versionId}` };
      }
      const payload = bytes.subarray(GLUE_HEADER_BYTES);
      if (bytes[1] === COMPRESSED.none) return codec.decode(payload);
      if (bytes[1] === COMPRESSED.zlib) return inflated(codec, payload);
      return { reason: `has compression ${hex(bytes[1])}, not 0x00 or 0x05` };
    },
  };
}

function inflated(codec: PayloadCodec, payload: Uint8Array): DecodedPayload {
  let bytes: Buffer;
  try {
    bytes = inflateSync(payload, { maxOutputLength: MOST_BYTES });
  } catch (error) {
    const isLarge = error instanceof RangeError;
    return { reason: isLarge ? `inflates to more than ${MOST_BYTES} bytes` : 'is not zlib' };
  }
  return codec.decode(bytes);
}

function confluentFramed(codec: PayloadCodec, id: number): PayloadCodec {
  const header = Buffer.alloc(CONFLUENT_HEADER_BYTES);
  header.writeUInt32BE(id, 1);
  return {
    encode: (value) => Buffer.concat([header, codec.encode(value)]),
    decode: (bytes) => {
      if (bytes.length < CONFLUENT_HEADER_BYTES) {
        return { reason: tooShort(bytes, CONFLUENT_HEADER_BYTES) };
      }
      if (bytes[0] !== 0) return { reason: otherVersion(bytes[0], 0) };
      const found = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
      if (found !== id) return { reason: `has schema id ${found}, not ${id}` };
      return codec.decode(bytes.subarray(CONFLUENT_HEADER_BYTES));
    },
  };
}

/**
 * Puts the position of a message type within its file before each message, as both registries do for Protobuf.
 *
 * Records with another prefix are of another message.
 */
export function withMessageIndex(codec: PayloadCodec, prefix: Uint8Array): PayloadCodec {
  return {
    encode: (value) => Buffer.concat([prefix, codec.encode(value)]),
    decode: (bytes) => {
      if (!Buffer.from(prefix).equals(bytes.subarray(0, prefix.length))) {
        return { reason: 'has another message of its schema, by its message index' };
      }
      return codec.decode(bytes.subarray(prefix.length));
    },
  };
}

/** The path of a message in Confluent's form: count and indexes as zigzag varints, and one 0 for the first message. */
export function confluentMessageIndex(path: readonly number[]): Uint8Array {
  if (path.length === 1 && path[0] === 0) return Uint8Array.of(0);
  return Uint8Array.from([path.length, ...path].flatMap((index) => varint(2 * index)));
}

/** The position of a message in Glue's form: a varint, not zigzag. */
export function glueMessageIndex(index: number): Uint8Array {
  return Uint8Array.from(varint(index));
}

function varint(value: number): readonly number[] {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 0x80; left = Math.floor(left / 0x80)) bytes.push((left % 0x80) | 0x80);
  bytes.push(left);
  return bytes;
}

function tooShort(bytes: Uint8Array, least: number): string {
  return `has ${bytes.length} bytes, less than the ${least} of its framing`;
}

function otherVersion(found: number | undefined, wanted: number): string {
  return `has framing version ${hex(found)}, not ${hex(wanted)}`;
}

function hex(byte = 0): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}
