import { hashKeyToDecimal, partitionHash } from './hash-key.ts';
import { startsWithMagic } from './layout.ts';
import type { AggregableRecord, OpenAggregate } from './open-aggregate.ts';

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
 * A lone user record goes as it is, under its own keys, unless its bytes begin like an aggregate:
 * a reader would take it for a damaged one. All others go wrapped, placed by their first record.
 * Errors: throws `internal` when the aggregate is empty.
 */
export function outerRecord(open: OpenAggregate): OuterRecord {
  const { first } = open;
  if (open.count === 1 && !startsWithMagic(first.data)) return unwrapped(first);
  return {
    partitionKey: AGGREGATE_KEY,
    explicitHashKey: placeOf(first),
    data: open.encode(),
    isAggregate: true,
  };
}

function unwrapped({ partitionKey, explicitHashKey, data }: AggregableRecord): OuterRecord {
  const plain = { partitionKey, data, isAggregate: false };
  return explicitHashKey === undefined ? plain : { ...plain, explicitHashKey };
}

function placeOf({ partitionKey, explicitHashKey }: AggregableRecord): string {
  return explicitHashKey ?? hashKeyToDecimal(partitionHash(partitionKey));
}
