import { type AggregableRecord, OpenAggregate } from './open-aggregate.ts';

/**
 * Packs records into one aggregated Kinesis record. Layout: layout.ts.
 *
 * User records enter this room and the bytes of Kinesis records leave it, and back again. It knows
 * the format of the KPL and how Kinesis places keys; it does not know shards, streams or a network.
 * Shapes: one or more records in. No limit is kept here: see `OpenAggregate`.
 */
export function aggregate(records: readonly AggregableRecord[]): Buffer {
  const open = new OpenAggregate(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  for (const record of records) open.tryAdd(record);
  return open.encode();
}
