import { compareHashKeys, type HashKey, hashKeyFromDecimal } from '../kpl/hash-key.ts';
import type { Shard } from './put-client.ts';

/** What a shard takes each second. Source: Kinesis quotas, 1000 records and 1 MiB. */
export const SHARD_RECORDS_PER_SECOND = 1_000;
export const SHARD_BYTES_PER_SECOND = 1_048_576;

interface Range {
  readonly shardId: string;
  readonly start: HashKey;
  readonly end: HashKey;
}

/**
 * Maps hash keys to shards, by the last ListShards.
 *
 * Open shards serve prediction. Closed ones are kept because a record may have landed in a shard
 * that was split or merged since, and its range still says which sub-records a reader will accept.
 */
export class ShardMap {
  readonly #open: readonly Range[];
  readonly #byId: ReadonlyMap<string, Range>;

  constructor(shards: readonly Shard[]) {
    const ranges = shards.map((shard) => ({
      shardId: shard.shardId,
      isOpen: shard.isOpen,
      start: hashKeyFromDecimal(shard.startingHashKey),
      end: hashKeyFromDecimal(shard.endingHashKey),
    }));
    this.#byId = new Map(ranges.map((range) => [range.shardId, range]));
    this.#open = ranges
      .filter((range) => range.isOpen)
      .sort((a, b) => compareHashKeys(a.end, b.end));
  }

  get openShardIds(): readonly string[] {
    return this.#open.map((range) => range.shardId);
  }

  /** The open shard whose range holds the key; `undefined` where no open shard does. */
  predict(key: HashKey): string | undefined {
    let low = 0;
    let high = this.#open.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const range = this.#open[middle];
      if (range && compareHashKeys(range.end, key) < 0) low = middle + 1;
      else high = middle;
    }
    return this.#open[low]?.shardId;
  }

  isKnown(shardId: string): boolean {
    return this.#byId.has(shardId);
  }

  /** Returns true if a reader of the shard accepts the key; false for an unknown shard. */
  contains(shardId: string, key: HashKey): boolean {
    const range = this.#byId.get(shardId);
    if (!range) return false;
    return compareHashKeys(range.start, key) <= 0 && compareHashKeys(key, range.end) <= 0;
  }
}
