import { deaggregate } from '../../aggregation/deaggregate.ts';
import { hashKeyFromDecimal, partitionHash } from '../../aggregation/hash-key.ts';
import type { ConsumedRecord } from '../../records/consumed-record.ts';
import type { Position, ReadEntry } from '../read-client.ts';
import type { ShardMap } from '../shard-map.ts';

/** The user records of a page, and how many entries only looked like aggregates. */
export interface Unpacked {
  readonly records: readonly ConsumedRecord[];
  readonly damagedAggregates: number;
}

/**
 * Takes the user records out of their entries, in order.
 *
 * A damaged aggregate is passed on whole, as an ordinary record, and counted. Records outside the
 * shard's range are passed on too, marked: whether to drop them, as the KCL does, is the reader's
 * choice. What the position says was read before is left out.
 */
export function unpack(
  entries: readonly ReadEntry[],
  shardId: string,
  map: ShardMap,
  position: Position,
): Unpacked {
  const records: ConsumedRecord[] = [];
  let damagedAggregates = 0;
  for (const entry of entries) {
    const parts = deaggregate(entry.data);
    if (parts.kind === 'damaged') damagedAggregates += 1;
    const found =
      parts.kind === 'aggregate'
        ? subRecords(parts.records, entry, shardId, map)
        : [wholeRecord(entry, shardId)];
    const alreadyRead = countAlreadyRead(entry.sequenceNumber, position);
    for (const record of found.slice(alreadyRead)) records.push(record);
  }
  return { records, damagedAggregates };
}

interface SubRecord {
  readonly partitionKey: string;
  readonly explicitHashKey?: string;
  readonly data: Uint8Array;
}

function subRecords(
  parts: readonly SubRecord[],
  { sequenceNumber, arrivedAt }: ReadEntry,
  shardId: string,
  map: ShardMap,
): readonly ConsumedRecord[] {
  const isInRange = parts.every((part) => map.holds(shardId, hashOf(part)));
  return parts.map((part, subSequenceNumber) => ({
    shardId,
    sequenceNumber,
    subSequenceNumber,
    partitionKey: part.partitionKey,
    explicitHashKey: part.explicitHashKey,
    arrivedAt,
    data: part.data,
    isInRange,
  }));
}

function wholeRecord(
  { sequenceNumber, partitionKey, arrivedAt, data }: ReadEntry,
  shardId: string,
): ConsumedRecord {
  const known = { shardId, sequenceNumber, partitionKey, arrivedAt, data };
  return { ...known, subSequenceNumber: undefined, explicitHashKey: undefined, isInRange: true };
}

function hashOf({ partitionKey, explicitHashKey }: SubRecord): ReturnType<typeof partitionHash> {
  if (explicitHashKey === undefined) return partitionHash(partitionKey);
  try {
    return hashKeyFromDecimal(explicitHashKey);
  } catch {
    // Another producer wrote no number there; its partition key is the best that is known.
    return partitionHash(partitionKey);
  }
}

function countAlreadyRead(sequenceNumber: string, position: Position): number {
  if (typeof position === 'string' || 'timestamp' in position) return 0;
  return position.sequenceNumber === sequenceNumber ? position.subSequenceNumber + 1 : 0;
}
