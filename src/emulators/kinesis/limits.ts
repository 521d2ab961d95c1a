/** What a shard takes; `undefined` limits nothing. */
export interface ShardLimits {
  readonly recordsPerSecond: number;
  readonly bytesPerSecond: number;
}

/** Source: Kinesis quotas. */
export const awsLimits: ShardLimits = { recordsPerSecond: 1_000, bytesPerSecond: 1_048_576 };

/** Reads `aws`, `none` or `RECORDS,BYTES` a second; `undefined` for anything else. */
export function parseShardLimits(text: string): ShardLimits | 'none' | undefined {
  if (text === 'aws') return awsLimits;
  if (text === 'none') return 'none';
  const [, records, bytes] = /^(\d{1,9}),(\d{1,12})$/.exec(text) ?? [];
  const limits = { recordsPerSecond: Number(records), bytesPerSecond: Number(bytes) };
  return limits.recordsPerSecond > 0 && limits.bytesPerSecond > 0 ? limits : undefined;
}

interface Bucket {
  records: number;
  bytes: number;
  filledAt: number;
}

/** Keeps every shard to its limits: buckets of one second, full at the start. */
export class ShardThrottle {
  readonly #limits: ShardLimits | undefined;
  readonly #buckets = new Map<string, Bucket>();

  constructor(limits: ShardLimits | undefined) {
    this.#limits = limits;
  }

  /** True when the shard takes a record of this size now; it is then counted. */
  admits(shardKey: string, bytes: number, now: number): boolean {
    if (!this.#limits) return true;
    const { recordsPerSecond, bytesPerSecond } = this.#limits;
    const bucket = this.#buckets.get(shardKey) ?? {
      records: recordsPerSecond,
      bytes: bytesPerSecond,
      filledAt: now,
    };
    this.#buckets.set(shardKey, bucket);
    const seconds = (now - bucket.filledAt) / 1000;
    bucket.records = Math.min(recordsPerSecond, bucket.records + recordsPerSecond * seconds);
    bucket.bytes = Math.min(bytesPerSecond, bucket.bytes + bytesPerSecond * seconds);
    bucket.filledAt = now;
    // A record larger than a second's worth goes when the bucket is full.
    if (bucket.records < 1 || bucket.bytes < Math.min(bytes, bytesPerSecond)) return false;
    bucket.records -= 1;
    bucket.bytes -= bytes;
    return true;
  }
}

/** Limits of today. Source: Kinesis quotas and API reference, 2026. */
export const ENTRIES_A_REQUEST: number = 500;
/** Of a request to one of our own routes: a list of faults. */
export const OWN_BODY_BYTES: number = 16_384;
export const REQUEST_BYTES: number = 10 * 1_048_576;
/** KiB of a record: what a stream takes unless it was asked for more, and the most it can take. */
export const RECORD_KIB: number = 1_024;
export const LARGEST_RECORD_KIB: number = 10_240;
export const READ_BYTES: number = 10 * 1_048_576;
export const RECORDS_A_READ: number = 10_000;
export const SHARDS_AT_MOST: number = 10_000;
export const TAGS_AT_MOST: number = 50;
export const SHARDS_A_PAGE: number = 10_000;
export const ITERATOR_LIFE_MS: number = 300_000;
/** Source: Kinesis quotas, enhanced fan-out. */
export const CONSUMERS_AT_MOST: number = 20;
export const CREATING_AT_MOST: number = 5;
/** An event carries so much payload at most, or one record that is larger. */
export const EVENT_BYTES: number = 1_048_576;
