import { OpenAggregate } from '../../aggregation/open-aggregate.ts';
import { outerRecord } from '../../aggregation/outer-record.ts';
import { SHARD_BYTES_PER_SECOND, SHARD_RECORDS_PER_SECOND } from '../shard-limits.ts';
import { Backoff } from './backoff.ts';
import type { Pending, SealedEntry } from './pending.ts';
import type { ProducerSettings } from './producer-settings.ts';
import { TokenBucket } from './token-bucket.ts';

/**
 * All that waits for one predicted shard: the aggregate being filled and the sealed entries.
 *
 * `shardId` is undefined where shards cannot be listed; such a lane carries a single partition key.
 */
export class Lane {
  readonly name: string;
  readonly shardId: string | undefined;
  readonly #settings: ProducerSettings;
  readonly #records: TokenBucket;
  readonly #bytes: TokenBucket;
  readonly #backoff: Backoff;
  #open: OpenAggregate;
  #cargo: Pending[] = [];
  /** Sealed entries, the next to go first. */
  readonly queue: SealedEntry[] = [];
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
    return this.underWay === 0 && this.queue.length === 0 && this.#cargo.length === 0;
  }

  /** Takes a record into the open aggregate; seals that first when the record does not fit. */
  add(pending: Pending, flushAt: number): void {
    if (!this.#open.tryAdd(pending.record)) {
      this.seal();
      this.#open.tryAdd(pending.record);
    }
    this.#cargo.push(pending);
    if (flushAt < this.flushAt) this.flushAt = flushAt;
    // A full aggregate need not wait until the next record finds no room.
    if (this.#open.count >= this.#open.maxCount) this.seal();
  }

  seal(): void {
    if (this.#cargo.length === 0) return;
    const outer = outerRecord(this.#open);
    this.queue.push({
      ...outer,
      lane: this,
      cargo: this.#cargo,
      sizeBytes: Buffer.byteLength(outer.partitionKey) + outer.data.length,
      oldestArrivalAt: oldestArrival(this.#cargo),
    });
    this.#open = emptyAggregate(this.#settings);
    this.#cargo = [];
    this.flushAt = Number.POSITIVE_INFINITY;
  }

  /** The next entry that the shard's limit, its backoff and the order of keys allow now. */
  release(now: number): SealedEntry | undefined {
    const [head] = this.queue;
    if (!head || !this.#backoff.isOver(now)) return undefined;
    if (this.#settings.isOrdered && this.underWay > 0) return undefined;
    if (!this.#records.has(1, now) || !this.#bytes.has(head.sizeBytes, now)) return undefined;
    this.#records.take(1);
    this.#bytes.take(head.sizeBytes);
    this.underWay += 1;
    this.queue.shift();
    return head;
  }

  succeeded(now: number): void {
    this.#backoff.succeeded(now);
  }

  failed(isThrottled: boolean, now: number): void {
    const isNewFailure = this.#backoff.failed(now);
    if (!isThrottled || !isNewFailure) return;
    this.#records.slow();
    this.#bytes.slow();
  }

  /** Takes out the sealed entries for which `isWanted` answers true. */
  remove(isWanted: (entry: SealedEntry) => boolean): readonly SealedEntry[] {
    // Entries stand in order of age but for those put back, which stand first and are older.
    let count = 0;
    for (const entry of this.queue) {
      if (!isWanted(entry)) break;
      count += 1;
    }
    return count === 0 ? [] : this.queue.splice(0, count);
  }

  /** Hands over everything that waits here, oldest entry first; the lane is empty afterwards. */
  clear(): readonly Pending[] {
    this.seal();
    return this.queue.splice(0).flatMap((entry) => entry.cargo);
  }
}

function emptyAggregate(settings: ProducerSettings): OpenAggregate {
  const maxCount = settings.aggregationEnabled ? settings.aggregationMaxCount : 1;
  return new OpenAggregate(settings.aggregationMaxSize, maxCount);
}

function oldestArrival(cargo: readonly Pending[]): number {
  let oldestAt = Number.POSITIVE_INFINITY;
  for (const { arrivedAt } of cargo) if (arrivedAt < oldestAt) oldestAt = arrivedAt;
  return oldestAt;
}
