import { FraudstreamError } from '../../fraudstream-error.ts';
import type { Clock } from '../../stream/clock.ts';
import type { Position, ReadClient, ReadEntry, RecordPage } from '../read-client.ts';

/** How a shard is read. Source of the limits: Kinesis quotas, GetRecords 5 a second a shard. */
export interface ReadSettings {
  /** Entries asked for in one GetRecords, 1 to 10000. */
  readonly limit: number;
  /** Least time between two GetRecords of a shard, in milliseconds. */
  readonly pollIntervalMs: number;
}

export interface ReadMeans {
  readonly clock: Clock;
  readonly stop: AbortSignal;
}

const LONGEST_PAUSE_MS = 5_000;
/** After so many failures in a row (about a minute) the stream counts as unreachable. */
const FAILURES_TO_GIVE_UP = 20;

/**
 * The pages of one shard until its end, each once; an expired iterator is renewed unseen.
 *
 * Passing failures are waited out, longer each time. Errors: throws `unreachable` when they last.
 */
export async function* shardPages(
  client: ReadClient,
  shardId: string,
  from: Position,
  { clock, stop }: ReadMeans,
  { limit, pollIntervalMs }: ReadSettings,
): AsyncGenerator<RecordPage, void, undefined> {
  const cursor = new Cursor(client, shardId, from, limit);
  while (!stop.aborted) {
    const askedAt = clock.now();
    const page = await cursor.read();
    if (page) yield page;
    if (page && page.next === undefined) return;
    const pauseMs = Math.min(LONGEST_PAUSE_MS, pollIntervalMs * 2 ** cursor.failures);
    await clock.sleep(Math.max(0, askedAt + pauseMs - clock.now()), stop);
  }
}

/** A place in a shard that moves on as it is read. */
class Cursor {
  readonly #client: ReadClient;
  readonly #shardId: string;
  readonly #limit: number;
  #position: Position;
  #iterator: string | undefined;
  /** Failures in a row. */
  failures: number = 0;

  constructor(client: ReadClient, shardId: string, from: Position, limit: number) {
    this.#client = client;
    this.#shardId = shardId;
    this.#position = from;
    this.#limit = limit;
  }

  /** The next page; `undefined` when the try failed and may be repeated. */
  async read(): Promise<RecordPage | undefined> {
    const page = await this.#ask();
    if (page.failure) {
      this.#failed(page.failure);
      return undefined;
    }
    this.failures = 0;
    this.#iterator = page.next;
    const entries = unread(page.entries, this.#position);
    const sequenceNumber = page.entries.at(-1)?.sequenceNumber;
    if (sequenceNumber) {
      this.#position = { sequenceNumber, subSequenceNumber: Number.POSITIVE_INFINITY };
    }
    return { ...page, entries };
  }

  async #ask(): Promise<RecordPage> {
    const nothing = { entries: [], next: undefined, behindMs: 0 };
    try {
      this.#iterator ??= await this.#client.iterator(this.#shardId, this.#position);
      if (this.#iterator === undefined) return nothing;
      return await this.#client.records(this.#iterator, this.#limit);
    } catch (error) {
      if (!(error instanceof FraudstreamError) || error.code !== 'unreachable') throw error;
      return { ...nothing, failure: { code: error.code, message: error.message } };
    }
  }

  #failed(failure: { readonly code: string; readonly message: string }): void {
    this.failures += 1;
    if (failure.code === 'ExpiredIteratorException') this.#iterator = undefined;
    if (this.failures < FAILURES_TO_GIVE_UP) return;
    const said = `${failure.code}: ${failure.message}`;
    throw new FraudstreamError(
      'unreachable',
      `Shard ${this.#shardId} could not be read ${this.failures} times in a row (${said}). Check the stream and the network.`,
    );
  }
}

/** Without the entry that the position says was read whole: asking AT it brings it again. */
function unread(entries: readonly ReadEntry[], position: Position): readonly ReadEntry[] {
  if (typeof position === 'string' || 'timestamp' in position) return entries;
  if (position.subSequenceNumber !== Number.POSITIVE_INFINITY) return entries;
  return entries.filter((entry) => entry.sequenceNumber !== position.sequenceNumber);
}
