import type { Clock } from '../../stream/clock.ts';
import type { RequestTrace } from '../../transactions/user-record.ts';

/**
 * Dependencies of the producer; `observe` gets each PutRecords call after it ended.
 *
 * `stop` ends the listing of shards before the first put. Later, the source ends by itself.
 */
export interface PutDependencies {
  readonly clock: Clock;
  readonly random: () => number;
  readonly stop?: AbortSignal;
  readonly observe?: (trace: RequestTrace) => void;
}

/**
 * The producer's settings under the KPL's names.
 *
 * Units: sizes in bytes, times in milliseconds, `rateLimit` in percent of a shard's limit.
 * Source: KinesisProducerConfiguration.java of the KPL 1.0. Ours, which the KPL lacks:
 * `maxOutstandingRecords` and `maxOutstandingBytes` block the source instead of filling memory,
 * and `isOrdered` keeps the order of each partition key through failures and resharding.
 */
export interface ProducerSettings {
  readonly aggregationEnabled: boolean;
  readonly aggregationMaxCount: number;
  readonly aggregationMaxSize: number;
  readonly collectionMaxCount: number;
  readonly collectionMaxSize: number;
  readonly recordMaxBufferedTimeMs: number;
  readonly recordTtlMs: number;
  readonly rateLimit: number;
  readonly failIfThrottled: boolean;
  readonly maxConnections: number;
  readonly maxUserRecordSize: number;
  readonly maxOutstandingRecords: number;
  readonly maxOutstandingBytes: number;
  readonly isOrdered: boolean;
}

export const producerDefaults: ProducerSettings = {
  aggregationEnabled: true,
  aggregationMaxCount: 4_294_967_295,
  aggregationMaxSize: 51_200,
  collectionMaxCount: 500,
  collectionMaxSize: 5_242_880,
  recordMaxBufferedTimeMs: 100,
  recordTtlMs: 30_000,
  rateLimit: 150,
  failIfThrottled: false,
  maxConnections: 24,
  maxUserRecordSize: 1_048_576,
  maxOutstandingRecords: 200_000,
  maxOutstandingBytes: 64 * 1_048_576,
  isOrdered: false,
};

/** A partition key of 256 characters, which Kinesis counts to the size of a record. */
const KEY_BYTES = 1_024;

/** The most bytes of an aggregate, which must leave space for a partition key beside it. */
export function aggregateBytes({
  aggregationMaxSize,
  maxUserRecordSize,
}: Pick<ProducerSettings, 'aggregationMaxSize' | 'maxUserRecordSize'>): number {
  return Math.min(aggregationMaxSize, Math.max(1, maxUserRecordSize - KEY_BYTES));
}
