import type { OpenAggregate } from '../kpl/open-aggregate.ts';

/** One entry of a PutRecords call: what Kinesis calls a record. `explicitHashKey` is decimal. */
export interface PutRecordsEntry {
  readonly partitionKey: string;
  readonly explicitHashKey?: string | undefined;
  readonly data: Uint8Array;
  /** An aggregate whose `data` are encoded only if they are asked for. */
  readonly aggregate?: OpenAggregate | undefined;
}

/** Result of one entry: shard and sequence number, or an error code. */
export interface EntryResult {
  readonly shardId?: string;
  readonly sequenceNumber?: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
}

/**
 * A shard of ListShards.
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
 * Answer of a PutRecords call: results in the order of the entries, or the failure of the call.
 *
 * `isFatal` marks what a retry cannot help: no such stream, no permission, a refused request.
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
 * Kinesis as the producer needs it.
 *
 * `put` always resolves; it may be called again while earlier calls are under way. `listShards`
 * gives all shards, closed ones included, and throws `FraudstreamError` when it cannot.
 */
export interface PutClient {
  put(entries: readonly PutRecordsEntry[]): Promise<PutAnswer>;
  listShards(): Promise<readonly Shard[]>;
}
