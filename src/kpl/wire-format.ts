/** Returns the bytes that a whole number takes as a protobuf varint: one for each seven bits. */
export function varintBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  return value < 0x1000_0000 ? 4 : 5;
}

/**
 * Writes a whole number below 2^32 as a protobuf varint; answers the offset after it.
 *
 *     bit     7                           6 .. 0
 *             1 while more bytes follow   seven bits of the value, lowest first
 */
export function writeVarint(target: Uint8Array, value: number, at: number): number {
  let offset = at;
  let rest = value;
  while (rest > 0x7f) {
    target[offset++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[offset++] = rest;
  return offset;
}

const shortVarints = Array.from({ length: 0x80 }, (_, value) => String.fromCharCode(value));

/** A varint as text, one character for each of its bytes. */
export function varintText(value: number): string {
  const short = shortVarints[value];
  if (short !== undefined) return short;
  const bytes = Buffer.alloc(varintBytes(value));
  writeVarint(bytes, value, 0);
  return bytes.toString('latin1');
}

/**
 * The bytes of an aggregated Kinesis record.
 *
 *     offset   length   meaning
 *     0        4        magic F3 89 9A C2
 *     4        n        AggregatedRecord, a proto2 message
 *     4 + n    16       MD5 of the n bytes of the message
 *
 *     AggregatedRecord, repeated     Record
 *     0A len utf-8  partition key    08 varint      index into the partition keys, required
 *     12 len utf-8  explicit hash    10 varint      index into the explicit hash keys, optional
 *     1A len bytes  Record           1A len bytes   data, required
 *                                    22 len bytes   tag, never written and skipped here
 *
 * `len` and indexes are varints. Source: awslabs/amazon-kinesis-producer, aggregation-format.md.
 */
export const magic: Uint8Array = Uint8Array.of(0xf3, 0x89, 0x9a, 0xc2);

export const MAGIC_BYTES: number = 4;
export const DIGEST_BYTES: number = 16;

/** Tags of protobuf fields, each one byte: field number times eight, plus the wire type. */
export const messageTags = { partitionKey: 0x0a, explicitHashKey: 0x12, record: 0x1a } as const;
export const recordTags = { partitionKeyIndex: 0x08, hashKeyIndex: 0x10, data: 0x1a } as const;

/** True when the bytes begin as an aggregated record does. */
export function startsWithMagic(data: Uint8Array): boolean {
  return magic.every((byte, at) => data[at] === byte);
}
