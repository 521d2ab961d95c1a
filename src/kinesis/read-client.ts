import type { Shard } from './put-client.ts';

/** Where reading of a shard begins. `timestamp` is epoch milliseconds UTC. */
export type Position =
  | 'latest'
  | 'trim-horizon'
  | { readonly timestamp: number }
  | { readonly sequenceNumber: string; readonly subSequenceNumber: number };

/** An entry as GetRecords gives it. `arrivedAt` is epoch milliseconds UTC. */
export interface ReadEntry {
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly data: Uint8Array;
  readonly arrivedAt: number;
}

/**
 * One answer of GetRecords.
 *
 * `childShardIds` says that the shard is closed. An answer without `next` and without these proves
 * nothing: whether the shard is at its end, its entry in ListShards says.
 */
export interface RecordPage {
  readonly entries: readonly ReadEntry[];
  readonly next: string | undefined;
  readonly behindMs: number;
  readonly childShardIds?: readonly string[];
  readonly failure?: { readonly code: string; readonly message: string };
}

/** Which stream of a name this is: one that was deleted and made anew has another `createdAt`, epoch milliseconds UTC. */
export interface StreamIdentity {
  readonly arn: string;
  readonly createdAt: number;
}

/**
 * Kinesis as the consumer needs it.
 *
 * A position with a sequence number means at that number, not after it. `iterator` answers
 * `undefined` where the service names none. `records` answers passing failures as values; all else
 * throws `FraudstreamError`, `unreachable` where a retry may help.
 */
export interface ReadClient {
  /** True when `records` waits until there is something: then nothing else waits between two calls. */
  readonly isPushed?: boolean;
  listShards(): Promise<readonly Shard[]>;
  /** `undefined` where it may not be asked. */
  identity?(): Promise<StreamIdentity | undefined>;
  iterator(shardId: string, position: Position): Promise<string | undefined>;
  records(shardIterator: string, limit: number): Promise<RecordPage>;
}
