import { outerKeys } from '../../kpl/aggregate.ts';
import { OpenAggregate } from '../../kpl/open-aggregate.ts';
import type { UserRecord } from '../../transactions/user-record.ts';
import type { PutRecordsEntry } from '../put-client.ts';
import { SHARD_BYTES_PER_SECOND, SHARD_RECORDS_PER_SECOND, type ShardMap } from '../shard-map.ts';
import { EntryQueue } from './entry-queue.ts';
import { hashKeyOf, type PendingUserRecord } from './pending-record.ts';
import { aggregateBytes, type ProducerSettings } from './producer-settings.ts';
import { Backoff } from './shard-backoff.ts';
import { TokenBucket } from './shard-rate-limiter.ts';

/**
 * An entry ready to go, and the user records that it carries.
 *
 * The data of an aggregate are encoded when they are first asked for: a client that sends on another thread encodes it in the
 * memory that it shares with that thread.
 */
export class SealedEntry implements PutRecordsEntry {
  readonly partitionKey: string;
  readonly explicitHashKey: string | undefined;
  readonly isAggregate: boolean;
  readonly aggregate: OpenAggregate | undefined;
  readonly queue: ShardQueue;
  readonly userRecords: readonly PendingUserRecord[];
  readonly dataBytes: number;
  readonly sizeBytes: number;
  /** The smallest ordinal of its records: entries go in this order, those put again included. */
  readonly firstOrdinal: number;
  /** When the record of the smallest ordinal arrived: no other one is older. */
  readonly oldestArrivalAt: number;
  #data: Uint8Array | undefined;

  constructor(
    queue: ShardQueue,
    aggregate: OpenAggregate,
    userRecords: readonly PendingUserRecord[],
  ) {
    const { partitionKey, explicitHashKey, isAggregate } = outerKeys(aggregate);
    const oldest = userRecords.reduce((a, b) => (a.ordinal < b.ordinal ? a : b));
    this.partitionKey = partitionKey;
    this.explicitHashKey = explicitHashKey;
    this.isAggregate = isAggregate;
    this.aggregate = isAggregate ? aggregate : undefined;
    this.#data = isAggregate ? undefined : aggregate.first.data;
    this.queue = queue;
    this.userRecords = userRecords;
    this.dataBytes = isAggregate ? aggregate.sizeBytes : aggregate.first.data.length;
    this.sizeBytes = Buffer.byteLength(partitionKey) + this.dataBytes;
    this.firstOrdinal = oldest.ordinal;
    this.oldestArrivalAt = oldest.arrivedAt;
  }

  get data(): Uint8Array {
    this.#data ??= (this.aggregate as OpenAggregate).encode();
    return this.#data;
  }
}

/**
 * Pending records of one predicted shard: the open aggregate and the sealed entries.
 *
 * `shardId` is undefined where shards cannot be listed; such a queue has a single partition key.
 */
export class ShardQueue {
  readonly name: string;
  readonly shardId: string | undefined;
  readonly #settings: ProducerSettings;
  readonly #records: TokenBucket;
  readonly #bytes: TokenBucket;
  readonly #backoff: Backoff;
  #open: OpenAggregate;
  #userRecords: PendingUserRecord[] = [];
  /** When the oldest record of the open aggregate arrived; infinite while it is empty. */
  #oldestArrivalAt = Number.POSITIVE_INFINITY;
  readonly #queue = new EntryQueue<SealedEntry>();
  /** When the open aggregate must be sealed; infinite while it is empty. */
  flushAt: number = Number.POSITIVE_INFINITY;
  /** Entries released and not yet settled. */
  underWay: number = 0;

  constructor(
    name: string,
    shardId: string | undefined,
    settings: ProducerSettings,
    random: () => number,
    now: number,
  ) {
    this.name = name;
    this.shardId = shardId;
    this.#settings = settings;
    this.#records = new TokenBucket((SHARD_RECORDS_PER_SECOND * settings.rateLimit) / 100, now);
    this.#bytes = new TokenBucket((SHARD_BYTES_PER_SECOND * settings.rateLimit) / 100, now);
    this.#backoff = new Backoff(random);
    this.#open = emptyAggregate(settings);
  }

  get isIdle(): boolean {
    return this.underWay === 0 && this.#queue.size === 0 && this.#userRecords.length === 0;
  }

  /** Takes a record into the open aggregate; seals that first when the record does not fit. */
  add(pending: PendingUserRecord, flushAt: number): void {
    if (!this.#open.tryAdd(pending.record)) {
      this.seal();
      this.#open.tryAdd(pending.record);
    }
    this.#userRecords.push(pending);
    if (pending.arrivedAt < this.#oldestArrivalAt) this.#oldestArrivalAt = pending.arrivedAt;
    if (flushAt < this.flushAt) this.flushAt = flushAt;
    // A full aggregate need not wait for the next record.
    if (this.#open.count >= this.#open.maxCount) this.seal();
  }

  seal(): void {
    if (this.#userRecords.length === 0) return;
    this.#queue.add(new SealedEntry(this, this.#open, this.#userRecords));
    this.#open = emptyAggregate(this.#settings);
    this.#userRecords = [];
    this.#oldestArrivalAt = Number.POSITIVE_INFINITY;
    this.flushAt = Number.POSITIVE_INFINITY;
  }

  /** Takes an entry that failed: it goes again before all younger ones, unchanged. */
  putBack(entry: SealedEntry): void {
    this.#queue.add(entry);
  }

  /**
   * The next entry that the shard's limit, its backoff and the order of keys allow now.
   *
   * An entry past its time to live leaves no more: `expire` will find it.
   */
  release(now: number): SealedEntry | undefined {
    const { first } = this.#queue;
    if (!first || first.oldestArrivalAt < now - this.#settings.recordTtlMs) return undefined;
    if (!this.#backoff.isOver(now)) return undefined;
    if (this.#settings.isOrdered && this.underWay > 0) return undefined;
    if (!this.#records.has(1, now) || !this.#bytes.has(first.sizeBytes, now)) return undefined;
    this.#records.take(1);
    this.#bytes.take(first.sizeBytes);
    this.underWay += 1;
    return this.#queue.take();
  }

  succeeded({ sizeBytes }: SealedEntry, now: number): void {
    this.#backoff.succeeded(now);
    this.#records.accepted(1, now);
    this.#bytes.accepted(sizeBytes, now);
  }

  failed(isThrottled: boolean, now: number): void {
    this.#backoff.failed(now);
    // A shard that accepts nothing is down, not slow: its rate stays as it was.
    if (!isThrottled || !this.#backoff.isOver(now)) return;
    this.#records.slow(now);
    this.#bytes.slow(now);
  }

  /** Removes the records that arrived before the instant and adds them to `expired`. */
  expire(bornBefore: number, expired: PendingUserRecord[]): void {
    if (this.#oldestArrivalAt < bornBefore) this.seal();
    for (;;) {
      const entry = this.#queue.takeOlderThan(bornBefore);
      if (!entry) return;
      this.expireIn(entry, bornBefore, expired);
    }
  }

  /** The same for an entry in no queue: what is not too old in it is sealed anew and waits here. */
  expireIn({ userRecords }: SealedEntry, bornBefore: number, expired: PendingUserRecord[]): void {
    const aggregate = emptyAggregate(this.#settings);
    const young: PendingUserRecord[] = [];
    for (const pending of userRecords) {
      if (pending.arrivedAt < bornBefore) {
        expired.push(pending);
      } else {
        // All of them were in one aggregate before, so the rest fits into one.
        aggregate.tryAdd(pending.record);
        young.push(pending);
      }
    }
    if (young.length > 0) this.#queue.add(new SealedEntry(this, aggregate, young));
  }

  /** Returns everything that is pending; the queue is empty afterwards. */
  clear(): readonly PendingUserRecord[] {
    this.seal();
    return this.#queue.drain().flatMap((entry) => entry.userRecords);
  }
}

function emptyAggregate(settings: ProducerSettings): OpenAggregate {
  const maxCount = settings.aggregationEnabled ? settings.aggregationMaxCount : 1;
  return new OpenAggregate(aggregateBytes(settings), maxCount);
}

/** Partition keys whose queue is cached, to save the MD5; cleared when full. */
const KEYS_REMEMBERED = 200_000;

/**
 * The queues of one shard map, made as records need them.
 *
 * Without a map (listing shards is denied, or fails) a queue has one partition key: an
 * aggregate of equal keys is safe wherever it lands.
 */
export class ShardQueues {
  readonly #map: ShardMap | undefined;
  readonly #settings: ProducerSettings;
  readonly #random: () => number;
  readonly #queues = new Map<string, ShardQueue>();
  readonly #remembered = new Map<string, ShardQueue>();

  constructor(map: ShardMap | undefined, settings: ProducerSettings, random: () => number) {
    this.#map = map;
    this.#settings = settings;
    this.#random = random;
  }

  of(record: UserRecord, now: number): ShardQueue {
    if (record.explicitHashKey !== undefined) return this.#find(record, now);
    const remembered = this.#remembered.get(record.partitionKey);
    if (remembered) return remembered;
    const queue = this.#find(record, now);
    if (this.#remembered.size >= KEYS_REMEMBERED) this.#remembered.clear();
    if (this.#map) this.#remembered.set(record.partitionKey, queue);
    return queue;
  }

  owns(queue: ShardQueue): boolean {
    return this.#queues.get(queue.name) === queue;
  }

  *[Symbol.iterator](): Iterator<ShardQueue> {
    yield* this.#queues.values();
  }

  /** Removes an idle queue of the mode without a map: there is one for each key. */
  retire(queue: ShardQueue): void {
    if (!this.#map && queue.isIdle) this.#queues.delete(queue.name);
  }

  #find(record: UserRecord, now: number): ShardQueue {
    const shardId = this.#map?.predict(hashKeyOf(record));
    const name = shardId ?? `${record.partitionKey}\n${record.explicitHashKey ?? ''}`;
    const known = this.#queues.get(name);
    if (known) return known;
    const queue = new ShardQueue(name, shardId, this.#settings, this.#random, now);
    this.#queues.set(name, queue);
    return queue;
  }
}
