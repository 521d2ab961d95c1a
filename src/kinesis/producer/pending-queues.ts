import type { Attempt, UserRecord } from '../../transactions/user-record.ts';
import type { ShardMap } from '../shard-map.ts';
import { EntryQueue } from './entry-queue.ts';
import type { PendingUserRecord } from './pending-record.ts';
import type { ProducerSettings } from './producer-settings.ts';
import type { SealedEntry } from './shard-queue.ts';
import { type ShardQueue, ShardQueues } from './shard-queue.ts';

/** A request goes early once one shard has this much in it. Source: KPL, core/collector.h. */
const SHARD_BYTES_A_REQUEST = 256 * 1_024;
/** How long an entry may wait for company. Source: KPL, min(50 ms, 0.2 x RecordMaxBufferedTime). */
const LONGEST_WAIT_MS = 50;
const SHARE_OF_BUFFERED_TIME = 0.2;

/** Collects released entries for one PutRecords call. */
export class RequestCollector {
  readonly #settings: ProducerSettings;
  readonly #waitMs: number;
  readonly #entries = new EntryQueue<SealedEntry>();
  readonly #bytesOfShard = new Map<string, number>();
  #sizeBytes = 0;
  #fullShards = 0;
  #dueAt = Number.POSITIVE_INFINITY;

  constructor(settings: ProducerSettings) {
    this.#settings = settings;
    this.#waitMs = Math.min(
      LONGEST_WAIT_MS,
      SHARE_OF_BUFFERED_TIME * settings.recordMaxBufferedTimeMs,
    );
  }

  add(entry: SealedEntry, now: number): void {
    this.#entries.add(entry);
    this.#count(entry, entry.sizeBytes);
    this.#dueAt = Math.min(this.#dueAt, now + this.#waitMs);
  }

  isDue(now: number): boolean {
    return (
      now >= this.#dueAt ||
      this.#fullShards > 0 ||
      this.#entries.size >= this.#settings.collectionMaxCount ||
      this.#sizeBytes >= this.#settings.collectionMaxSize
    );
  }

  /** Takes the oldest entries, as many as one call may carry. */
  take(): readonly SealedEntry[] {
    const { collectionMaxCount, collectionMaxSize } = this.#settings;
    const taken: SealedEntry[] = [];
    let sizeBytes = 0;
    while (taken.length < collectionMaxCount) {
      const { first } = this.#entries;
      if (!first || (taken.length > 0 && sizeBytes + first.sizeBytes > collectionMaxSize)) break;
      this.#entries.take();
      this.#leave(first);
      sizeBytes += first.sizeBytes;
      taken.push(first);
    }
    return taken;
  }

  /** Removes the oldest entry if it carries a record that arrived before the instant. */
  takeOlderThan(instant: number): SealedEntry | undefined {
    const entry = this.#entries.takeOlderThan(instant);
    if (entry) this.#leave(entry);
    return entry;
  }

  /** Removes all entries, in no particular order. */
  drain(): readonly SealedEntry[] {
    const entries = this.#entries.drain();
    for (const entry of entries) this.#leave(entry);
    return entries;
  }

  #leave(entry: SealedEntry): void {
    this.#count(entry, -entry.sizeBytes);
    if (this.#entries.size === 0) this.#dueAt = Number.POSITIVE_INFINITY;
  }

  #count({ queue }: SealedEntry, sizeBytes: number): void {
    const before = this.#bytesOfShard.get(queue.name) ?? 0;
    const after = before + sizeBytes;
    if (after === 0) this.#bytesOfShard.delete(queue.name);
    else this.#bytesOfShard.set(queue.name, after);
    this.#sizeBytes += sizeBytes;
    this.#fullShards += Number(isFull(after)) - Number(isFull(before));
  }
}

function isFull(shardBytes: number): boolean {
  return shardBytes >= SHARD_BYTES_A_REQUEST;
}

/**
 * Queues of pending records: first of their predicted shard, then of the next request.
 *
 * Knows nothing of requests or receipts. What enters by `enqueue` or `putBack` leaves by `take`,
 * `expire` or `clear`.
 */
export class PendingQueues {
  readonly #settings: ProducerSettings;
  readonly #random: () => number;
  readonly #collector: RequestCollector;
  #queues: ShardQueues;

  constructor(map: ShardMap | undefined, settings: ProducerSettings, random: () => number) {
    this.#settings = settings;
    this.#random = random;
    this.#collector = new RequestCollector(settings);
    this.#queues = new ShardQueues(map, settings, random);
  }

  /** Adds a record to the queue of its predicted shard. */
  enqueue(
    record: UserRecord,
    ordinal: number,
    dueAt: number,
    arrivedAt: number,
    attempts: readonly Attempt[],
    flushAt: number,
    now: number,
  ): void {
    this.#queues.add(record, ordinal, dueAt, arrivedAt, attempts, flushAt, now);
  }

  /** Returns true if the queue belongs to the current shard map. */
  owns(queue: ShardQueue): boolean {
    return this.#queues.owns(queue);
  }

  /** Releases the queue of an answered entry. */
  answered(queue: ShardQueue): void {
    queue.underWay -= 1;
    this.#queues.retire(queue);
  }

  /** Takes back a failed entry: it is retried unchanged, before all younger ones of its queue. */
  putBack(entry: SealedEntry): void {
    entry.queue.putBack(entry);
  }

  /** Moves on what the shards' limits allow; with `isFlushing`, open aggregates are sealed too. */
  release(now: number, isFlushing: boolean): void {
    for (const queue of this.#queues) {
      if (isFlushing || now >= queue.flushAt) queue.seal();
      for (let entry = queue.release(now); entry; entry = queue.release(now)) {
        this.#collector.add(entry, now);
      }
    }
  }

  /** The entries of the next request; none when it is better to wait for company. */
  take(now: number, isFlushing: boolean): readonly SealedEntry[] {
    if (!isFlushing && !this.#collector.isDue(now)) return [];
    return this.#collector.take();
  }

  /** Removes all records that arrived before the instant. */
  expire(bornBefore: number): readonly PendingUserRecord[] {
    const expired: PendingUserRecord[] = [];
    for (;;) {
      const entry = this.#collector.takeOlderThan(bornBefore);
      if (!entry) break;
      entry.queue.expireIn(entry, bornBefore, expired);
      this.answered(entry.queue);
    }
    for (const queue of this.#queues) {
      queue.expire(bornBefore, expired);
      this.#queues.retire(queue);
    }
    return expired;
  }

  /** Takes out everything, in the order of the source, and starts anew with another map. */
  clear(map: ShardMap | undefined): readonly PendingUserRecord[] {
    const collected = this.#collector.drain().flatMap((entry) => entry.userRecords.rows());
    const waiting = [...collected, ...[...this.#queues].flatMap((queue) => queue.clear())];
    this.#queues = new ShardQueues(map, this.#settings, this.#random);
    return waiting.sort((a, b) => a.ordinal - b.ordinal);
  }
}
