import { SHARDS_AT_MOST, type ShardLimits, ShardThrottle } from './limits.ts';
import { inUse, invalidArgument, limitExceeded, notFound } from './service-error.ts';
import type { StoredRecord, StoredShard } from './shard.ts';
import { StoredStream } from './stream.ts';

/** What the store is like; times in milliseconds. */
export interface StoreSettings {
  readonly region: string;
  /** Twelve digits. */
  readonly account: string;
  readonly shardLimits: ShardLimits | undefined;
  /** Payload kept over all streams; beyond it the oldest records go first. */
  readonly retainedBytes: number;
  /** How long a stream stays CREATING, or UPDATING after a split or merge. */
  readonly transitionMs: number;
}

/** The partition of a region, in ARNs. Source: IAM user guide, ARNs. */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** Every stream of the embedded Kinesis, in memory, bounded. */
export class Store {
  readonly settings: StoreSettings;
  readonly throttle: ShardThrottle;
  readonly #streams = new Map<string, StoredStream>();
  retainedBytes: number = 0;
  trimmedRecords: number = 0;

  constructor(settings: StoreSettings) {
    if (!(settings.retainedBytes >= 0)) {
      throw invalidArgument(`retainedBytes must be 0 or more, not ${settings.retainedBytes}.`);
    }
    this.settings = settings;
    this.throttle = new ShardThrottle(settings.shardLimits);
  }

  get streams(): readonly StoredStream[] {
    return [...this.#streams.values()];
  }

  /** Makes a stream; `isReady` spares it the time of being CREATING. */
  create(name: string, shardCount: number, now: number, isReady = false): StoredStream {
    if (!/^[\w.-]{1,128}$/.test(name)) throw invalidArgument(`"${name}" is not a stream name.`);
    if (!Number.isInteger(shardCount) || shardCount < 1 || shardCount > SHARDS_AT_MOST) {
      throw invalidArgument(
        `Stream ${name} can have 1 to ${SHARDS_AT_MOST} shards, not ${shardCount}.`,
      );
    }
    if (this.#streams.has(name))
      throw inUse(`Stream ${name} under account ${this.settings.account} already exists.`);
    const others = this.streams.reduce((sum, { shards }) => sum + shards.length, 0);
    if (others + shardCount > SHARDS_AT_MOST) {
      throw limitExceeded(`All streams have at most ${SHARDS_AT_MOST} shards, and ${others} now.`);
    }
    const { transitionMs, region, account } = this.settings;
    const arn = `arn:${partitionOf(region)}:kinesis:${region}:${account}:stream/${name}`;
    const activeAt = isReady ? now : now + transitionMs;
    const stream = new StoredStream({ name, arn, shardCount, transitionMs }, now, activeAt);
    this.#streams.set(name, stream);
    return stream;
  }

  delete(stream: StoredStream): void {
    for (const shard of stream.shards) this.retainedBytes -= shard.bytes;
    this.#streams.delete(stream.name);
    stream.consumers.clear();
    for (const shard of stream.shards) shard.changed();
  }

  /** The stream of a request, by name or ARN, as it is now. Errors: ResourceNotFoundException. */
  stream(name: string | undefined, arn: string | undefined, now: number): StoredStream {
    const wanted = name ?? arn?.split(':stream/')[1] ?? '';
    const stream = this.#streams.get(wanted);
    if (!stream || (arn !== undefined && arn !== stream.arn)) {
      throw notFound(`Stream ${wanted} under account ${this.settings.account} not found.`);
    }
    stream.settle(now);
    return stream;
  }

  append(shard: StoredShard, record: StoredRecord): void {
    shard.append(record);
    this.retainedBytes += record.bytes;
    while (this.retainedBytes > this.settings.retainedBytes) this.#trimOldest();
  }

  #trimOldest(): void {
    let oldest: StoredShard | undefined;
    for (const shard of this.streams.flatMap((stream) => stream.shards)) {
      const at = shard.oldest?.arrivedAt ?? Number.POSITIVE_INFINITY;
      if (at < (oldest?.oldest?.arrivedAt ?? Number.POSITIVE_INFINITY)) oldest = shard;
    }
    if (!oldest) return;
    this.retainedBytes -= oldest.oldest?.bytes ?? 0;
    this.trimmedRecords += 1;
    oldest.trim();
  }
}
