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
  let position = from;
  let iterator: string | undefined;
  let failures = 0;
  while (!stop.aborted) {
    const askedAt = clock.now();
    const page = await pageAt(client, shardId, iterator ?? position, limit);
    failures = page.failure ? failures + 1 : 0;
    if (page.failure) {
      giveUpAfterTooMany(failures, shardId, page.failure);
      if (page.failure.code === 'ExpiredIteratorException') iterator = undefined;
    } else {
      yield { ...page, entries: unread(page.entries, position) };
      const last = page.entries.at(-1);
      if (last)
        position = {
          sequenceNumber: last.sequenceNumber,
          subSequenceNumber: Number.POSITIVE_INFINITY,
        };
      if (page.next === undefined) return;
      iterator = page.next;
    }
    const pauseMs = Math.min(LONGEST_PAUSE_MS, pollIntervalMs * 2 ** failures);
    await clock.sleep(Math.max(0, askedAt + pauseMs - clock.now()), stop);
  }
}

/** The page behind an iterator; behind a new iterator where only a position is known. */
async function pageAt(
  client: ReadClient,
  shardId: string,
  from: string | Position,
  limit: number,
): Promise<RecordPage> {
  try {
    const isIterator = typeof from === 'string' && from !== 'latest' && from !== 'trim-horizon';
    const iterator = isIterator ? from : await client.iterator(shardId, from as Position);
    if (iterator === undefined) return { entries: [], next: undefined, behindMs: 0 };
    return await client.records(iterator, limit);
  } catch (error) {
    if (!(error instanceof FraudstreamError) || error.code !== 'unreachable') throw error;
    const failure = { code: error.code, message: error.message };
    return { entries: [], next: undefined, behindMs: 0, failure };
  }
}

function giveUpAfterTooMany(
  failures: number,
  shardId: string,
  failure: { readonly code: string; readonly message: string },
): void {
  if (failures < FAILURES_TO_GIVE_UP) return;
  const said = `${failure.code}: ${failure.message}`;
  throw new FraudstreamError(
    'unreachable',
    `Shard ${shardId} could not be read ${failures} times in a row (${said}). Check the stream and the network.`,
  );
}

/** Without the entry that the position says was read whole: asking AT it brings it again. */
function unread(entries: readonly ReadEntry[], position: Position): readonly ReadEntry[] {
  if (typeof position === 'string' || 'timestamp' in position) return entries;
  if (position.subSequenceNumber !== Number.POSITIVE_INFINITY) return entries;
  return entries.filter((entry) => entry.sequenceNumber !== position.sequenceNumber);
}
