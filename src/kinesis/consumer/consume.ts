import { setMaxListeners } from 'node:events';
import { deaggregate } from '../../kpl/deaggregate.ts';
import { hashKeyFromDecimal, partitionHash } from '../../kpl/hash-key.ts';
import { Mailbox } from '../../stream/mailbox.ts';
import type { ConsumedRecord } from '../../transactions/arrival.ts';
import type { Shard } from '../put-client.ts';
import type { Position, ReadClient, ReadEntry } from '../read-client.ts';
import { listedShards } from '../retries.ts';
import { ShardMap } from '../shard-map.ts';
import { checkPositions } from './check-positions.ts';
import { ParentShards } from './resharding.ts';
import { type ReadDependencies, type ReadSettings, shardPages } from './shard-reader.ts';

/** The user records of a page, and how many entries only looked like aggregates. */
export interface DeaggregatedRecord {
  readonly records: readonly ConsumedRecord[];
  readonly damagedAggregates: number;
}

/**
 * Takes the user records out of their entries, in order.
 *
 * A damaged aggregate is passed on whole, as an ordinary record, and counted. Records outside the
 * shard's range are passed on too, marked: whether to drop them, as the KCL does, is the reader's
 * choice. What the position says was read before is left out.
 */
export function deaggregateRecord(
  entries: readonly ReadEntry[],
  shardId: string,
  map: ShardMap,
  position: Position,
): DeaggregatedRecord {
  const records: ConsumedRecord[] = [];
  let damagedAggregates = 0;
  for (const entry of entries) {
    const parts = deaggregate(entry.data);
    if (parts.kind === 'damaged') damagedAggregates += 1;
    const found =
      parts.kind === 'aggregate'
        ? subRecords(parts.records, entry, shardId, map)
        : [wholeRecord(entry, shardId)];
    const alreadyRead = countAlreadyRead(entry.sequenceNumber, position);
    for (const record of found.slice(alreadyRead)) records.push(record);
  }
  return { records, damagedAggregates };
}

interface SubRecord {
  readonly partitionKey: string;
  readonly explicitHashKey?: string;
  readonly data: Uint8Array;
}

function subRecords(
  parts: readonly SubRecord[],
  { sequenceNumber, arrivedAt }: ReadEntry,
  shardId: string,
  map: ShardMap,
): readonly ConsumedRecord[] {
  const isInRange = parts.every((part) => map.contains(shardId, hashOf(part)));
  return parts.map((part, subSequenceNumber) => ({
    shardId,
    sequenceNumber,
    subSequenceNumber,
    partitionKey: part.partitionKey,
    explicitHashKey: part.explicitHashKey,
    arrivedAt,
    data: part.data,
    isInRange,
  }));
}

function wholeRecord(
  { sequenceNumber, partitionKey, arrivedAt, data }: ReadEntry,
  shardId: string,
): ConsumedRecord {
  const known = { shardId, sequenceNumber, partitionKey, arrivedAt, data };
  return { ...known, subSequenceNumber: undefined, explicitHashKey: undefined, isInRange: true };
}

function hashOf({ partitionKey, explicitHashKey }: SubRecord): ReturnType<typeof partitionHash> {
  if (explicitHashKey === undefined) return partitionHash(partitionKey);
  try {
    return hashKeyFromDecimal(explicitHashKey);
  } catch {
    // Another producer wrote no number there; its partition key is the best that is known.
    return partitionHash(partitionKey);
  }
}

function countAlreadyRead(sequenceNumber: string, position: Position): number {
  if (typeof position === 'string' || 'timestamp' in position) return 0;
  return position.sequenceNumber === sequenceNumber ? position.subSequenceNumber + 1 : 0;
}

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
  /** Ends after so many user records; the last batch then has only the first of its records. */
  readonly count?: number | undefined;
  readonly yieldsEmptyReads?: boolean;
}

/** What one page of a shard held. `isEnd`: the shard was closed and has been read out. */
export interface ShardBatch {
  readonly shardId: string;
  readonly records: readonly ConsumedRecord[];
  readonly damagedAggregates: number;
  readonly entries: number;
  readonly behindMs: number;
  readonly isEnd: boolean;
  /** When it was read, epoch milliseconds. */
  readonly readAt: number;
}

/** A batch under way to the reader, who says when it has been dealt with. */
interface QueuedBatch {
  readonly batch: ShardBatch;
  readonly taken: () => void;
}

/**
 * Reads all shards of a stream, parents before children, and takes aggregates apart.
 *
 * A shard reads on when its last batch has been taken: asking for the next batch says that the one
 * before may be checkpointed. At most one page a shard is held. Ends on abort, when every shard has
 * ended, after `count` records, or after `idleMs`; runs forever otherwise.
 * Errors: throws `FraudstreamError` when the stream cannot be read, `bad-data` for positions that
 * cannot be of this stream.
 */
export async function* consume(
  client: ReadClient,
  dependencies: ReadDependencies,
  settings: ConsumeSettings,
): AsyncGenerator<ShardBatch, void, undefined> {
  const stop = new AbortController();
  // Every shard that waits listens: Node would call more than ten a leak.
  setMaxListeners(0, stop.signal);
  const reading = new Reading(client, { ...dependencies, stop: stop.signal }, settings, stop);
  // Whatever is being waited for then, an answer included, is waited for no longer.
  stop.signal.addEventListener('abort', () => reading.batches.end());
  const onAbort = (): void => stop.abort();
  dependencies.stop.addEventListener('abort', onAbort);
  if (dependencies.stop.aborted) stop.abort();
  try {
    void reading.begin();
    let left = settings.count ?? Number.POSITIVE_INFINITY;
    for await (const { batch: whole, taken } of reading.batches) {
      const batch = firstRecords(whole, left);
      left -= batch.records.length;
      if (batch.entries > 0 || batch.isEnd || settings.yieldsEmptyReads) yield batch;
      if (left <= 0) return;
      taken();
    }
  } finally {
    stop.abort();
    dependencies.stop.removeEventListener('abort', onAbort);
  }
}

/** The batch with at most so many records; one that was cut does not end its shard. */
function firstRecords(batch: ShardBatch, most: number): ShardBatch {
  if (batch.records.length <= most) return batch;
  return { ...batch, records: batch.records.slice(0, most), isEnd: false };
}

/** The shards being read at one time, and what they brought. */
class Reading {
  readonly batches: Mailbox<QueuedBatch> = new Mailbox();
  readonly #client: ReadClient;
  readonly #dependencies: ReadDependencies;
  readonly #settings: ConsumeSettings;
  readonly #stop: AbortController;
  readonly #lineage = new ParentShards();
  readonly #underWay = new Set<string>();
  /** Shards that were found empty after the idle time had passed. */
  readonly #silent = new Set<string>();
  #map = new ShardMap([]);
  #from: Position;
  #lastRecordAt: number;

  constructor(
    client: ReadClient,
    dependencies: ReadDependencies,
    settings: ConsumeSettings,
    stop: AbortController,
  ) {
    this.#client = client;
    this.#dependencies = dependencies;
    this.#settings = settings;
    this.#stop = stop;
    this.#from = settings.from;
    this.#lastRecordAt = dependencies.clock.now();
  }

  async begin(): Promise<void> {
    try {
      const shards = await listedShards(this.#client, { ...this.#dependencies, isFirstCall: true });
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
    if (this.#underWay.size === 0) this.batches.end();
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
      const shards = await listedShards(this.#client, this.#dependencies, children);
      this.#underWay.delete(shardId);
      this.#startReady(shards);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Ends the reading after what was read. */
  #fail(error: unknown): void {
    this.batches.end(this.#stop.signal.aborted ? undefined : error);
    this.#stop.abort();
  }

  /** The shards that come after this one, once it has been read to its end. */
  async #readPages(shardId: string, from: Position): Promise<readonly string[] | undefined> {
    const { clock, stop } = this.#dependencies;
    for await (const page of shardPages(
      this.#client,
      shardId,
      from,
      this.#dependencies,
      this.#settings,
    )) {
      const { entries, behindMs, isEnd, childShardIds } = page;
      const readAt = clock.now();
      const found = deaggregateRecord(entries, shardId, this.#map, from);
      const batch = { ...found, shardId, isEnd, readAt };
      if (entries.length > 0) this.#lastRecordAt = readAt;
      await this.#deliver({ ...batch, entries: entries.length, behindMs });
      if (isEnd) return childShardIds;
      this.#stopWhenIdle(shardId, entries.length, behindMs);
      if (stop.aborted) return undefined;
    }
    return undefined;
  }

  #deliver(batch: ShardBatch): Promise<void> {
    return new Promise((taken) => this.batches.push({ batch, taken }));
  }

  /**
   * Stops once the idle time has passed and every shard was then found empty.
   *
   * So a shard that does not answer is not taken for one without records.
   */
  #stopWhenIdle(shardId: string, entries: number, behindMs: number): void {
    const { idleMs } = this.#settings;
    if (idleMs === undefined) return;
    const isOver = this.#dependencies.clock.now() - this.#lastRecordAt >= idleMs;
    if (!isOver) this.#silent.clear();
    else if (entries === 0 && behindMs === 0) this.#silent.add(shardId);
    else this.#silent.delete(shardId);
    if (isOver && [...this.#underWay].every((id) => this.#silent.has(id))) this.#stop.abort();
  }
}
