import type { Entry, EntryResult, Shard } from './entry.ts';

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
  put(entries: readonly Entry[]): Promise<PutAnswer>;
  listShards(): Promise<readonly Shard[]>;
}
