import { FraudstreamError } from '../../errors.ts';
import type { Clock } from '../../stream/clock.ts';
import type { Position, ReadClient, ReadEntry, RecordPage } from '../read-client.ts';
import { FAILURES_TO_GIVE_UP, pauseAfter } from '../retries.ts';

/** How a shard is read. Source of the limits: Kinesis quotas, GetRecords 5 a second a shard. */
export interface ReadSettings {
  /** Entries asked for in one GetRecords, 1 to 10000. */
  readonly limit: number;
  /** Least time between two GetRecords of a shard, in milliseconds. */
  readonly pollIntervalMs: number;
}

export interface ReadDependencies {
  readonly clock: Clock;
  readonly stop: AbortSignal;
}

/** Failures that only another iterator cures. */
const USELESS_ITERATOR = new Set(['ExpiredIteratorException', 'InvalidArgumentException']);
/** Before ListShards decides whether a shard without an iterator is closed, it is read again. */
const EMPTY_ENDS = 2;

/** One page of a shard. `isEnd`: the shard is closed and has been read out. */
export interface ShardPage {
  readonly entries: readonly ReadEntry[];
  readonly behindMs: number;
  readonly isEnd: boolean;
  /** The shards that come after this one, as far as its end named them. */
  readonly childShardIds: readonly string[];
}

/**
 * Yields the pages of one shard until its end, each once; renews expired iterators.
 *
 * Passing failures are waited out, longer each time. Errors: throws `unreachable` when they last.
 */
export async function* shardPages(
  client: ReadClient,
  shardId: string,
  from: Position,
  { clock, stop }: ReadDependencies,
  { limit, pollIntervalMs }: ReadSettings,
): AsyncGenerator<ShardPage, void, undefined> {
  const cursor = new Cursor(client, shardId, from, limit, clock);
  while (!stop.aborted) {
    const askedAt = clock.now();
    const page = await cursor.read();
    if (page) yield page;
    if (page?.isEnd) return;
    const isPaced = cursor.failures > 0 || !client.isPushed;
    const pauseMs = isPaced ? pauseAfter(cursor.failures, pollIntervalMs) : 0;
    await clock.sleep(Math.max(0, askedAt + pauseMs - clock.now()), stop);
  }
}

/** A position in a shard that moves on as it is read. */
class Cursor {
  readonly #client: ReadClient;
  readonly #shardId: string;
  readonly #limit: number;
  readonly #clock: Clock;
  #position: Position;
  #iterator: string | undefined;
  /** Answers in a row that brought neither records nor an iterator: the shard may be at its end. */
  #emptyEnds = 0;
  /** Failures in a row. */
  failures: number = 0;

  constructor(client: ReadClient, shardId: string, from: Position, limit: number, clock: Clock) {
    this.#client = client;
    this.#shardId = shardId;
    this.#position = from;
    this.#limit = limit;
    this.#clock = clock;
  }

  /** The next page; `undefined` when the try failed and may be repeated. */
  async read(): Promise<ShardPage | undefined> {
    try {
      if (this.#emptyEnds >= EMPTY_ENDS && (await this.#isClosed())) return endPage;
      if (this.#emptyEnds >= EMPTY_ENDS) this.#emptyEnds = 0;
      this.#iterator ??= await this.#begin();
      if (this.#iterator === undefined) {
        this.#emptyEnds += 1;
        return this.#failed('InvalidResponse: the answer to GetShardIterator has no ShardIterator');
      }
      return this.#taken(await this.#client.records(this.#iterator, this.#limit));
    } catch (error) {
      if (!(error instanceof FraudstreamError) || error.code !== 'unreachable') throw error;
      return this.#failed(`${error.code}: ${error.message}`);
    }
  }

  #taken(page: RecordPage): ShardPage | undefined {
    const { failure, next, behindMs, childShardIds = [] } = page;
    if (failure) {
      if (USELESS_ITERATOR.has(failure.code)) this.#iterator = undefined;
      return this.#failed(`${failure.code}: ${failure.message}`);
    }
    this.failures = 0;
    this.#iterator = next;
    const entries = unread(page.entries, this.#position);
    const sequenceNumber = page.entries.at(-1)?.sequenceNumber;
    if (sequenceNumber) {
      this.#position = { sequenceNumber, subSequenceNumber: Number.POSITIVE_INFINITY };
    }
    const isLast = next === undefined;
    this.#emptyEnds = isLast && entries.length === 0 ? this.#emptyEnds + 1 : 0;
    return { entries, behindMs, isEnd: isLast && page.childShardIds !== undefined, childShardIds };
  }

  /** An iterator at the position. LATEST moves on: a second one is asked for by the time of the first. */
  #begin(): Promise<string | undefined> {
    const position = this.#position;
    if (position === 'latest') this.#position = { timestamp: this.#clock.now() };
    return this.#client.iterator(this.#shardId, position);
  }

  /** By ListShards: a shard that takes no more records, or is listed no more, is closed. */
  async #isClosed(): Promise<boolean> {
    const shards = await this.#client.listShards();
    return !shards.some(({ shardId, isOpen }) => shardId === this.#shardId && isOpen);
  }

  #failed(reason: string): undefined {
    this.failures += 1;
    if (this.failures < FAILURES_TO_GIVE_UP) return;
    throw new FraudstreamError(
      'unreachable',
      `Shard ${this.#shardId} could not be read ${this.failures} times in a row (${reason}). Check the stream and the network.`,
    );
  }
}

const endPage: ShardPage = { entries: [], behindMs: 0, isEnd: true, childShardIds: [] };

/** Without the entry that the position says was read whole: asking AT it brings it again. */
function unread(entries: readonly ReadEntry[], position: Position): readonly ReadEntry[] {
  if (typeof position === 'string' || 'timestamp' in position) return entries;
  if (position.subSequenceNumber !== Number.POSITIVE_INFINITY) return entries;
  return entries.filter((entry) => entry.sequenceNumber !== position.sequenceNumber);
}
