import type { ConsumedRecord } from '../records/consumed-record.ts';
import { Mailbox } from '../stream/mailbox.ts';
import { checkPositions } from './consumer/check-positions.ts';
import { Lineage } from './consumer/lineage.ts';
import { type ReadMeans, type ReadSettings, shardPages } from './consumer/shard-reader.ts';
import { unpack } from './consumer/unpack.ts';
import type { Shard } from './entry.ts';
import type { Position, ReadClient } from './read-client.ts';
import { listedShards } from './retries.ts';
import { ShardMap } from './shard-map.ts';

/**
 * Where and how to read.
 *
 * `positions` holds what a checkpoint knows of single shards (`end`: read to the end); all other
 * shards begin at `from`. With `idleMs` the reading ends after so long without any record.
 */
export interface ConsumeSettings extends ReadSettings {
  readonly from: Position;
  readonly positions?: ReadonlyMap<string, Position | 'end'>;
  readonly idleMs?: number | undefined;
  readonly tellsSilence?: boolean;
}

/** What one page of a shard held. `isEnd`: the shard was closed and has been read out. */
export interface ShardBatch {
  readonly shardId: string;
  readonly records: readonly ConsumedRecord[];
  readonly damagedAggregates: number;
  readonly entries: number;
  readonly behindMs: number;
  readonly isEnd: boolean;
}

/** A batch under way to the reader, who says when it has been dealt with. */
interface Letter {
  readonly batch: ShardBatch;
  readonly taken: () => void;
}

/**
 * Reads all shards of a stream, parents before children, and takes aggregates apart.
 *
 * A shard reads on when its last batch has been taken: asking for the next batch says that the one
 * before may be checkpointed. At most one page a shard is held. Ends on abort, when every shard has
 * ended, or after `idleMs`; runs forever otherwise.
 * Errors: throws `FraudstreamError` when the stream cannot be read, `bad-data` for positions that
 * cannot be of this stream.
 */
export async function* consume(
  client: ReadClient,
  means: ReadMeans,
  settings: ConsumeSettings,
): AsyncGenerator<ShardBatch, void, undefined> {
  const stop = new AbortController();
  const reading = new Reading(client, { ...means, stop: stop.signal }, settings, stop);
  // Whatever is being waited for then, an answer included, is waited for no longer.
  stop.signal.addEventListener('abort', () => reading.letters.end());
  const onAbort = (): void => stop.abort();
  means.stop.addEventListener('abort', onAbort);
  if (means.stop.aborted) stop.abort();
  try {
    void reading.begin();
    for await (const { batch, taken } of reading.letters) {
      if (batch.entries > 0 || batch.isEnd || settings.tellsSilence) yield batch;
      taken();
    }
  } finally {
    stop.abort();
    means.stop.removeEventListener('abort', onAbort);
  }
}

/** The shards being read at one time, and what they brought. */
class Reading {
  readonly letters: Mailbox<Letter> = new Mailbox();
  readonly #client: ReadClient;
  readonly #means: ReadMeans;
  readonly #settings: ConsumeSettings;
  readonly #stop: AbortController;
  readonly #lineage = new Lineage();
  readonly #underWay = new Set<string>();
  /** Shards that were found empty after the idle time had passed. */
  readonly #silent = new Set<string>();
  #map = new ShardMap([]);
  #from: Position;
  #lastRecordAt: number;

  constructor(
    client: ReadClient,
    means: ReadMeans,
    settings: ConsumeSettings,
    stop: AbortController,
  ) {
    this.#client = client;
    this.#means = means;
    this.#settings = settings;
    this.#stop = stop;
    this.#from = settings.from;
    this.#lastRecordAt = means.clock.now();
  }

  async begin(): Promise<void> {
    try {
      const shards = await listedShards(this.#client, { ...this.#means, isFirstCall: true });
      checkPositions(this.#settings.positions ?? new Map(), shards);
      for (const shardId of this.#endedBefore(shards)) this.#lineage.end(shardId);
      this.#startReady(shards);
      // Shards that appear later hold only what came after the start: all of it is wanted.
      if (this.#from === 'latest') this.#from = 'trim-horizon';
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Shards that are not read: those that a checkpoint says were, and closed ones when reading from latest. */
  *#endedBefore(shards: readonly Shard[]): Generator<string> {
    for (const [shardId, position] of this.#settings.positions ?? []) {
      if (position === 'end') yield shardId;
    }
    if (this.#from !== 'latest') return;
    for (const shard of shards) if (!shard.isOpen) yield shard.shardId;
  }

  #startReady(shards: readonly Shard[]): void {
    this.#map = new ShardMap(shards);
    for (const shardId of this.#lineage.next(shards)) void this.#read(shardId);
    if (this.#underWay.size === 0) this.letters.end();
  }

  async #read(shardId: string): Promise<void> {
    this.#underWay.add(shardId);
    try {
      const known = this.#settings.positions?.get(shardId);
      const children = await this.#readPages(
        shardId,
        known && known !== 'end' ? known : this.#from,
      );
      if (!children) return;
      this.#lineage.end(shardId);
      const shards = await listedShards(this.#client, this.#means, children);
      this.#underWay.delete(shardId);
      this.#startReady(shards);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Ends the reading after what was read. */
  #fail(error: unknown): void {
    this.letters.end(this.#stop.signal.aborted ? undefined : error);
    this.#stop.abort();
  }

  /** The shards that come after this one, once it has been read to its end. */
  async #readPages(shardId: string, from: Position): Promise<readonly string[] | undefined> {
    const { clock, stop } = this.#means;
    for await (const page of shardPages(this.#client, shardId, from, this.#means, this.#settings)) {
      const { entries, behindMs, isEnd, childShardIds } = page;
      const batch = { ...unpack(entries, shardId, this.#map, from), shardId, isEnd };
      if (entries.length > 0) this.#lastRecordAt = clock.now();
      await this.#deliver({ ...batch, entries: entries.length, behindMs });
      if (isEnd) return childShardIds;
      this.#stopWhenIdle(shardId, entries.length, behindMs);
      if (stop.aborted) return undefined;
    }
    return undefined;
  }

  #deliver(batch: ShardBatch): Promise<void> {
    return new Promise((taken) => this.letters.push({ batch, taken }));
  }

  /**
   * Stops once the idle time has passed and every shard was then found empty.
   *
   * So a shard that does not answer is not taken for one without records.
   */
  #stopWhenIdle(shardId: string, entries: number, behindMs: number): void {
    const { idleMs } = this.#settings;
    if (idleMs === undefined) return;
    const isOver = this.#means.clock.now() - this.#lastRecordAt >= idleMs;
    if (!isOver) this.#silent.clear();
    else if (entries === 0 && behindMs === 0) this.#silent.add(shardId);
    else this.#silent.delete(shardId);
    if (isOver && [...this.#underWay].every((id) => this.#silent.has(id))) this.#stop.abort();
  }
}
