import { outerKeys } from '../../kpl/aggregate.ts';
import { type OpenAggregate, PartitionKeyMark } from '../../kpl/open-aggregate.ts';
import type { Attempt, UserRecord } from '../../transactions/user-record.ts';
import type { PutRecordsEntry } from '../put-client.ts';
import { SHARD_BYTES_PER_SECOND, SHARD_RECORDS_PER_SECOND, type ShardMap } from '../shard-map.ts';
import { EntryQueue } from './entry-queue.ts';
import { hashKeyOf, PendingAggregate, type PendingUserRecord } from './pending-record.ts';
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
  readonly userRecords: PendingAggregate;
  readonly dataBytes: number;
  readonly sizeBytes: number;
  /** The smallest ordinal of its records: entries go in this order, those put again included. */
  readonly firstOrdinal: number;
  /** When the record of the smallest ordinal arrived: no other one is older. */
  readonly oldestArrivalAt: number;
  #data: Uint8Array | undefined;

  constructor(queue: ShardQueue, userRecords: PendingAggregate) {
    const { aggregate } = userRecords;
    const { partitionKey, explicitHashKey, isAggregate } = outerKeys(aggregate);
    this.partitionKey = partitionKey;
    this.explicitHashKey = explicitHashKey;
    this.isAggregate = isAggregate;
    this.aggregate = isAggregate ? aggregate : undefined;
    this.#data = isAggregate ? undefined : aggregate.first.data;
    this.queue = queue;
    this.userRecords = userRecords;
    this.dataBytes = isAggregate ? aggregate.sizeBytes : aggregate.first.data.length;
    this.sizeBytes = Buffer.byteLength(partitionKey) + this.dataBytes;
    this.firstOrdinal = userRecords.firstOrdinal;
    this.oldestArrivalAt = userRecords.oldestArrivalAt;
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
  #open: PendingAggregate;
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
    return this.underWay === 0 && this.#queue.size === 0 && this.#open.count === 0;
  }

  /** Takes a record into the open aggregate; seals that first when the record does not fit. */
  add(
    record: UserRecord,
    mark: PartitionKeyMark | undefined,
    ordinal: number,
    dueAt: number,
    arrivedAt: number,
    attempts: readonly Attempt[],
    flushAt: number,
  ): void {
    if (!this.#open.tryAdd(record, mark, ordinal, dueAt, arrivedAt, attempts)) {
      this.seal();
      this.#open.tryAdd(record, mark, ordinal, dueAt, arrivedAt, attempts);
    }
    if (flushAt < this.flushAt) this.flushAt = flushAt;
    // A full aggregate need not wait for the next record.
    if (this.#open.isFull) this.seal();
  }

  seal(): void {
    if (this.#open.count === 0) return;
    this.#queue.add(new SealedEntry(this, this.#open));
    this.#open = emptyAggregate(this.#settings);
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
    if (this.#open.oldestArrivalAt < bornBefore) this.seal();
    for (;;) {
      const entry = this.#queue.takeOlderThan(bornBefore);
      if (!entry) return;
      this.expireIn(entry, bornBefore, expired);
    }
  }

  /** The same for an entry in no queue: what is not too old in it is sealed anew and waits here. */
  expireIn({ userRecords }: SealedEntry, bornBefore: number, expired: PendingUserRecord[]): void {
    const young = emptyAggregate(this.#settings);
    for (const pending of userRecords.rows()) {
      const { record, ordinal, dueAt, arrivedAt, attempts } = pending;
      if (arrivedAt < bornBefore) expired.push(pending);
      // All of them were in one aggregate before, so the rest fits into one.
      else young.tryAdd(record, undefined, ordinal, dueAt, arrivedAt, attempts);
    }
    if (young.count > 0) this.#queue.add(new SealedEntry(this, young));
  }

  /** Returns everything that is pending; the queue is empty afterwards. */
  clear(): readonly PendingUserRecord[] {
    this.seal();
    return this.#queue.drain().flatMap((entry) => entry.userRecords.rows());
  }
}

function emptyAggregate(settings: ProducerSettings): PendingAggregate {
  const maxCount = settings.aggregationEnabled ? settings.aggregationMaxCount : 1;
  return new PendingAggregate(aggregateBytes(settings), maxCount);
}

/** Partition keys whose queue is cached, to save the MD5; cleared when full. */
const KEYS_REMEMBERED = 200_000;

/** A partition key whose queue is known: one object, as each look-up of it is a miss of the processor's cache. */
class RememberedKey extends PartitionKeyMark {
  readonly queue: ShardQueue;

  constructor(queue: ShardQueue) {
    super();
    this.queue = queue;
  }
}

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
  readonly #remembered = new Map<string, RememberedKey>();

  constructor(map: ShardMap | undefined, settings: ProducerSettings, random: () => number) {
    this.#map = map;
    this.#settings = settings;
    this.#random = random;
  }

  /** Adds a record to the open aggregate of its predicted shard. */
  add(
    record: UserRecord,
    ordinal: number,
    dueAt: number,
    arrivedAt: number,
    attempts: readonly Attempt[],
    flushAt: number,
    now: number,
  ): void {
    const { partitionKey, explicitHashKey } = record;
    const remembered = this.#remembered.get(partitionKey);
    const known = explicitHashKey === undefined ? remembered : undefined;
    const queue = known?.queue ?? this.#find(record, now);
    const mark = remembered ?? this.#remember(record, queue);
    queue.add(record, mark, ordinal, dueAt, arrivedAt, attempts, flushAt);
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

  #remember(record: UserRecord, queue: ShardQueue): RememberedKey | undefined {
    // Without a map, a queue has one key.
    if (record.explicitHashKey !== undefined || !this.#map) return undefined;
    if (this.#remembered.size >= KEYS_REMEMBERED) this.#forgetKeys();
    const key = new RememberedKey(queue);
    this.#remembered.set(record.partitionKey, key);
    return key;
  }

  /** An aggregate in which a key has lost its mark would list it twice. */
  #forgetKeys(): void {
    for (const queue of this.#queues.values()) queue.seal();
    this.#remembered.clear();
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
