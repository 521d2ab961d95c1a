import { isUtf8 } from 'node:buffer';
import { isJsonObject } from '../text/parse-json.ts';

/**
 * A user record read from a stream.
 *
 * Units: `arrivedAt` epoch milliseconds UTC, when Kinesis took the entry that held the record.
 * `subSequenceNumber` is the index inside an aggregate, undefined for a record that came unwrapped.
 * `isInRange` is false where a KCL reader would drop the aggregate: see docs/kpl-format.md.
 */
export interface ConsumedRecord {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly subSequenceNumber: number | undefined;
  readonly partitionKey: string;
  readonly explicitHashKey: string | undefined;
  readonly arrivedAt: number;
  readonly data: Uint8Array;
  readonly isInRange: boolean;
}

/** A record as a JSON object about it: `data` where the payload is text, else `data_base64`. */
export function recordJson({ data, arrivedAt, ...record }: ConsumedRecord): string {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const text = bytes.toString('utf8');
  return JSON.stringify({
    shard_id: record.shardId,
    sequence_number: record.sequenceNumber,
    sub_sequence_number: record.subSequenceNumber ?? null,
    partition_key: record.partitionKey,
    explicit_hash_key: record.explicitHashKey ?? null,
    arrived_at: Number.isNaN(arrivedAt) ? null : new Date(arrivedAt).toISOString(),
    is_in_range: record.isInRange,
    ...(Buffer.from(text).equals(bytes)
      ? { data: text }
      : { data_base64: bytes.toString('base64') }),
  });
}

/** The field that a recorder adds to a record: when the stream took it. The name is reserved. */
export const ARRIVAL_FIELD = 'arrived_at';

/** A line of a recording in its parts; `arrivedAt` is NaN where the stream did not say. */
export interface Arrival {
  readonly payload: Uint8Array;
  readonly arrivedAt: number;
}

/** As `arrivalLine` writes it, and always at the end: `,"arrived_at":"2026-01-31T23:59:59.999Z"}`. */
const TAIL = /(,?)"arrived_at":(?:"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"|null)\}$/;
/** No tail is longer. */
const TAIL_BYTES = 42;
const BRACE = Buffer.from('}');

/**
 * Returns the line of a recording: a payload with `arrived_at` as its last field, without a line feed.
 *
 * `undefined` for a payload that is no JSON object on one line. White space after the object is
 * left out; all other bytes stand as they came, so that `arrivalOf` gives them back.
 */
export function arrivalLine(payload: Uint8Array, arrivedAt: number): Uint8Array | undefined {
  const fields = fieldCount(payload);
  if (fields === undefined) return undefined;
  const instant = Number.isNaN(arrivedAt) ? null : new Date(arrivedAt).toISOString();
  const comma = fields === 0 ? '' : ',';
  const tail = Buffer.from(`${comma}"${ARRIVAL_FIELD}":${JSON.stringify(instant)}}`);
  return Buffer.concat([payload.subarray(0, payload.lastIndexOf(BRACE.at(0) ?? 0)), tail]);
}

/** Returns what `arrivalLine` was given; `undefined` for a line that no recorder wrote. */
export function arrivalOf(line: Uint8Array): Arrival | undefined {
  const from = Math.max(0, line.length - TAIL_BYTES);
  const end = Buffer.from(line.buffer, line.byteOffset + from, line.length - from);
  const tail = TAIL.exec(end.toString('latin1'));
  if (!tail) return undefined;
  const payload = Buffer.concat([line.subarray(0, from + tail.index), BRACE]);
  return { payload, arrivedAt: tail[2] === undefined ? Number.NaN : Date.parse(tail[2]) };
}

/** Fields of a JSON object on one line; `undefined` for anything else. */
function fieldCount(payload: Uint8Array): number | undefined {
  if (!isUtf8(payload)) return undefined;
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString('utf8');
  if (/[\r\n]/.test(text.trimEnd())) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? Object.keys(value).length : undefined;
  } catch {
    // Not JSON, which is the answer.
    return undefined;
  }
}
