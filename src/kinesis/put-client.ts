/** One entry of a PutRecords call: what Kinesis calls a record. `explicitHashKey` is decimal. */
export interface PutRecordsEntry {
  readonly partitionKey: string;
  readonly explicitHashKey?: string | undefined;
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

/**
 * What a PutRecords call came to: results in the order of the entries, or the failure of the call.
 *
 * `isFatal` marks what no repetition can cure: no such stream, no permission, a refused request.
 */
export interface PutAnswer {
  readonly results: readonly EntryResult[];
  readonly failure?: {
    readonly code: string;
    readonly message: string;
    readonly isFatal: boolean;
    readonly cause?: unknown;
  };
}

/**
 * What the producer wants from Kinesis.
 *
 * `put` resolves always; it may be called again while earlier calls are under way. `listShards`
 * gives all shards, closed ones included, and throws `FraudstreamError` when it cannot.
 */
export interface PutClient {
  put(entries: readonly PutRecordsEntry[]): Promise<PutAnswer>;
  listShards(): Promise<readonly Shard[]>;
}
