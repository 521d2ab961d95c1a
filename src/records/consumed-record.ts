/**
 * A user record as a reader of the stream found it.
 *
 * Units: `arrivedAt` epoch milliseconds UTC, when Kinesis took the entry that held the record.
 * `subSequenceNumber` is the place inside an aggregate, undefined for a record that came unwrapped.
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
