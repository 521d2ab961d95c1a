/** One entry of a PutRecords call: what Kinesis calls a record. `explicitHashKey` is decimal. */
export interface Entry {
  readonly partitionKey: string;
  readonly explicitHashKey?: string;
  readonly data: Uint8Array;
}

/** What Kinesis answers for one entry: a place, or an error code. */
export interface EntryResult {
  readonly shardId?: string;
  readonly sequenceNumber?: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
}

/**
 * A shard as ListShards tells it.
 *
 * Shapes: hash keys are decimal integers, both ends included; a closed shard takes no more records.
 */
export interface Shard {
  readonly shardId: string;
  readonly startingHashKey: string;
  readonly endingHashKey: string;
  readonly isOpen: boolean;
  readonly parentShardIds: readonly string[];
}
