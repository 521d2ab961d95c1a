import { hashKeyToDecimal, partitionHash } from './hash-key.ts';
import { type AggregableRecord, OpenAggregate } from './open-aggregate.ts';
import { startsWithMagic } from './wire-format.ts';

/** The Kinesis record that carries one or more user records. */
export interface OuterRecord {
  readonly partitionKey: string;
  readonly explicitHashKey?: string;
  readonly data: Uint8Array;
  readonly isAggregate: boolean;
}

/** The partition key of every aggregate; the explicit hash key places it. Source: KPL. */
const AGGREGATE_KEY = 'a';

/**
 * Seals an aggregate into the record to put.
 *
 * A single user record is not wrapped and keeps its keys, unless its bytes begin like an aggregate:
 * a reader would take it for a damaged one. Others are wrapped; the first record gives the hash key.
 * Errors: throws `internal` when the aggregate is empty.
 */
export function outerRecord(open: OpenAggregate): OuterRecord {
  const keys = outerKeys(open);
  return { ...keys, data: keys.isAggregate ? open.encode() : open.first.data };
}

/** As `outerRecord`, without encoding the data. */
export function outerKeys(open: OpenAggregate): Omit<OuterRecord, 'data'> {
  const { first } = open;
  if (open.count > 1 || startsWithMagic(first.data)) {
    const explicitHashKey = explicitHashKeyOf(first);
    return { partitionKey: AGGREGATE_KEY, explicitHashKey, isAggregate: true };
  }
  const { partitionKey, explicitHashKey } = first;
  const plain = { partitionKey, isAggregate: false };
  return explicitHashKey === undefined ? plain : { ...plain, explicitHashKey };
}

function explicitHashKeyOf({ partitionKey, explicitHashKey }: AggregableRecord): string {
  return explicitHashKey ?? hashKeyToDecimal(partitionHash(partitionKey));
}

/**
 * Packs records into one aggregated Kinesis record. Layout: wire-format.ts.
 *
 * Shapes: one or more records. No limit is checked here: see `OpenAggregate`.
 */
export function aggregate(records: readonly AggregableRecord[]): Buffer {
  const open = new OpenAggregate(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  for (const record of records) open.tryAdd(record);
  return open.encode();
}
