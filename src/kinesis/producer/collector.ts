import type { SealedEntry } from './pending.ts';
import type { ProducerSettings } from './producer-settings.ts';

/** A request goes early once one shard has this much in it. Source: KPL, core/collector.h. */
const SHARD_BYTES_A_REQUEST = 256 * 1_024;
/** How long an entry may wait for company. Source: KPL, min(50 ms, 0.2 x RecordMaxBufferedTime). */
const LONGEST_WAIT_MS = 50;
const SHARE_OF_BUFFERED_TIME = 0.2;

/** Released entries that wait to share a PutRecords call. */
export class Collector {
  readonly #settings: ProducerSettings;
  readonly #waitMs: number;
  #entries: SealedEntry[] = [];
  #sizeBytes = 0;
  #isShardFull = false;
  #dueAt = Number.POSITIVE_INFINITY;
  readonly #bytesOfShard = new Map<string, number>();

  constructor(settings: ProducerSettings) {
    this.#settings = settings;
    this.#waitMs = Math.min(
      LONGEST_WAIT_MS,
      SHARE_OF_BUFFERED_TIME * settings.recordMaxBufferedTimeMs,
    );
  }

  add(entry: SealedEntry, now: number): void {
    this.#entries.push(entry);
    this.#count(entry);
    this.#dueAt = Math.min(this.#dueAt, now + this.#waitMs);
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  isDue(now: number): boolean {
    return (
      now >= this.#dueAt ||
      this.#isShardFull ||
      this.#entries.length >= this.#settings.collectionMaxCount ||
      this.#sizeBytes >= this.#settings.collectionMaxSize
    );
  }

  /** Takes the oldest entries, as many as one call may carry. */
  take(): readonly SealedEntry[] {
    let count = 0;
    let sizeBytes = 0;
    for (const entry of this.#entries) {
      sizeBytes += entry.sizeBytes;
      const isOverSize = count > 0 && sizeBytes > this.#settings.collectionMaxSize;
      if (isOverSize || count >= this.#settings.collectionMaxCount) break;
      count += 1;
    }
    const taken = this.#entries.splice(0, count);
    this.#recount();
    return taken;
  }

  /** Takes out the entries for which `isWanted` answers true. */
  remove(isWanted: (entry: SealedEntry) => boolean): readonly SealedEntry[] {
    const removed = this.#entries.filter(isWanted);
    if (removed.length === 0) return removed;
    this.#entries = this.#entries.filter((entry) => !isWanted(entry));
    this.#recount();
    return removed;
  }

  #recount(): void {
    this.#sizeBytes = 0;
    this.#isShardFull = false;
    this.#bytesOfShard.clear();
    for (const entry of this.#entries) this.#count(entry);
    if (this.isEmpty) this.#dueAt = Number.POSITIVE_INFINITY;
  }

  #count(entry: SealedEntry): void {
    const shardBytes = (this.#bytesOfShard.get(entry.lane.name) ?? 0) + entry.sizeBytes;
    this.#bytesOfShard.set(entry.lane.name, shardBytes);
    this.#sizeBytes += entry.sizeBytes;
    this.#isShardFull ||= shardBytes >= SHARD_BYTES_A_REQUEST;
  }
}
