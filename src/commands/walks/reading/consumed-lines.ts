import type { ConsumedRecord } from '../../../records/consumed-record.ts';

const LINE_FEED = Buffer.from('\n');

/** Records as lines: their bare payload, or with `metadata` a JSON object about each. */
export function consumedLines(records: readonly ConsumedRecord[], metadata: boolean): Uint8Array {
  const lines = metadata
    ? records.map((record) => Buffer.from(described(record)))
    : records.map(({ data }) => data);
  return Buffer.concat(lines.flatMap((line) => [line, LINE_FEED]));
}

/** A record as a JSON object about it: `data` where the payload is text, else `data_base64`. */
export function described({ data, arrivedAt, ...record }: ConsumedRecord): string {
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
