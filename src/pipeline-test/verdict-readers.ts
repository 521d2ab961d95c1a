import { FraudstreamError } from '../errors.ts';
import { consume, type ShardBatch } from '../kinesis/consumer/consume.ts';
import type { ReadDependencies } from '../kinesis/consumer/shard-reader.ts';
import type { Shard } from '../kinesis/put-client.ts';
import type { ReadClient, RecordPage } from '../kinesis/read-client.ts';
import { listedShards } from '../kinesis/retries.ts';
import { orStopped } from '../stream/async-iterables.ts';
import type { Clock } from '../stream/clock.ts';
import { parseJson } from '../text/parse-json.ts';
import { instantMs } from '../transactions/instant.ts';
import { parseVerdict, type Verdict } from '../transactions/verdict.ts';
import type { OfflineModel } from './offline-model.ts';
import type { Pipeline } from './pipeline.ts';
import type { Session } from './session.ts';

/** A client that knows when a reading at the end of a stream has begun in every shard. */
export interface EstablishedReading {
  readonly client: ReadClient;
  /** Resolves when each open shard has answered once: nothing that is put from then on is missed. */
  readonly established: Promise<void>;
}

/**
 * Watches the first answers of a client's shards.
 *
 * An iterator of LATEST is at the end of its shard when it was asked for; only an answer to
 * GetRecords proves that there was one. `onFailure` gets the code of each read that failed.
 */
export async function establishedReading(
  client: ReadClient,
  onFailure: (code: string) => void,
  dependencies: ReadDependencies,
): Promise<EstablishedReading> {
  const listShards = (): Promise<readonly Shard[]> => counted(client.listShards(), onFailure);
  const shards = await listedShards({ listShards }, { ...dependencies, isFirstCall: true });
  const silent = new Set(shards.flatMap(({ shardId, isOpen }) => (isOpen ? [shardId] : [])));
  const shardOf = new Map<string, string>();
  let establish: () => void = () => undefined;
  const established = new Promise<void>((resolve) => {
    establish = resolve;
  });
  return {
    established,
    client: {
      listShards: async () => {
        const listed = await listShards();
        // A shard that was closed since then is not read.
        const open = new Set(listed.flatMap(({ shardId, isOpen }) => (isOpen ? [shardId] : [])));
        for (const shardId of silent) if (!open.has(shardId)) silent.delete(shardId);
        if (silent.size === 0) establish();
        return listed;
      },
      iterator: async (shardId, position) => {
        const iterator = await counted(client.iterator(shardId, position), onFailure);
        if (iterator !== undefined && silent.has(shardId)) shardOf.set(iterator, shardId);
        return iterator;
      },
      records: async (iterator, limit) => {
        const page = await counted(client.records(iterator, limit), onFailure);
        if (page.failure && !isRenewed(page.failure)) onFailure(page.failure.code);
        const shardId = shardOf.get(iterator);
        // The same iterator is used again after a failure.
        if (page.failure) return page;
        shardOf.delete(iterator);
        if (shardId !== undefined) silent.delete(shardId);
        if (silent.size === 0) establish();
        return page;
      },
    },
  };
}

/** An iterator that is too old is no fault of the stream: the reader takes a new one. */
function isRenewed({ code }: NonNullable<RecordPage['failure']>): boolean {
  return code === 'ExpiredIteratorException';
}

async function counted<T>(answer: Promise<T>, onFailure: (code: string) => void): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    onFailure(error instanceof FraudstreamError ? error.code : 'Unknown');
    throw error;
  }
}

/** Kinesis lets a shard be read five times a second, by all of its readers together. */
const POLL_MS = 200;

const NOT_ESTABLISHED = 'Stopped before every shard of the verdicts had answered; nothing was put.';

/** How what a pipeline puts out is read. */
export interface ReaderSettings {
  readonly offlineModel: OfflineModel | undefined;
  /** Processes that read the same streams, this one included. */
  readonly drivers: number;
}

/** The readers of what a pipeline puts out. `failed` rejects when one of them cannot go on. */
export interface Readers {
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

/**
 * Starts to read verdicts and dead letters and reports them to the session.
 *
 * Resolves when nothing that is put from now on is missed. Errors: `stopped` when `stop` aborts before that,
 * and those of the reads that no repetition can cure.
 */
export async function startReaders(
  { verdicts, rejects }: Pick<Pipeline, 'verdicts' | 'rejects'>,
  session: Session,
  { offlineModel, drivers }: ReaderSettings,
  { clock, stop: outsideStop }: { readonly clock: Clock; readonly stop: AbortSignal },
): Promise<Readers> {
  const stop = new AbortController();
  const onStop = (): void => stop.abort();
  outsideStop.addEventListener('abort', onStop);
  const start = (client: ReadClient, onBatch: (batch: ShardBatch) => void): Promise<Reading> =>
    startReading(client, session, onBatch, {
      dependencies: { clock, stop: stop.signal },
      pollIntervalMs: drivers * POLL_MS,
    });
  const readings = [
    await start(verdicts, (batch) => readVerdicts(batch, session, offlineModel, clock.now())),
    ...(rejects ? [await start(rejects, (batch) => readRejects(batch, session))] : []),
  ];
  const failed = Promise.race(readings.map(({ ended }) => ended)).then(
    () => new Promise<never>(() => undefined),
  );
  // A failure while nobody waits is thrown at the next wait.
  failed.catch(() => undefined);
  const established = Promise.all(readings.map((reading) => reading.established));
  try {
    await orStopped(Promise.race([established, failed]), outsideStop);
    if (outsideStop.aborted) throw new FraudstreamError('stopped', NOT_ESTABLISHED);
  } catch (error) {
    stop.abort();
    throw error;
  } finally {
    outsideStop.removeEventListener('abort', onStop);
  }
  return {
    failed,
    stop: async () => {
      stop.abort();
      await Promise.allSettled(readings.map(({ ended }) => ended));
    },
  };
}

interface Reading {
  readonly established: Promise<void>;
  readonly ended: Promise<void>;
}

async function startReading(
  client: ReadClient,
  session: Session,
  onBatch: (batch: ShardBatch) => void,
  settings: { readonly dependencies: ReadDependencies; readonly pollIntervalMs: number },
): Promise<Reading> {
  const { dependencies, pollIntervalMs } = settings;
  const onFailure = (code: string): void => session.readFailed(code);
  const watched = await establishedReading(client, onFailure, dependencies);
  const reading = { from: 'latest', limit: 10_000, pollIntervalMs } as const;
  const read = async (): Promise<void> => {
    for await (const batch of consume(watched.client, dependencies, reading)) onBatch(batch);
  };
  return { established: watched.established, ended: read() };
}

function readVerdicts(
  { records }: ShardBatch,
  session: Session,
  offlineModel: OfflineModel | undefined,
  readAt: number,
): void {
  const verdicts = records.map(({ data }) => verdictIn(data));
  const recomputed = offlineModel?.recomputed(verdicts.map((verdict) => verdict?.features));
  for (const [index, { arrivedAt, isInRange }] of records.entries()) {
    const verdict = verdicts[index];
    if (!verdict) {
      session.unreadVerdict();
      continue;
    }
    const { transaction_id: id, card_id: cardId, score, error, threshold } = verdict;
    const read = {
      id,
      cardId,
      threshold,
      eventAt: instantMs(verdict.event_time),
      score: score ?? Number.NaN,
      recomputed: recomputed?.[index] ?? Number.NaN,
      error: error ?? undefined,
      arrivedAt: Number.isNaN(arrivedAt) ? readAt : arrivedAt,
      readAt,
    };
    session.verdict(read, isInRange);
  }
}

function verdictIn(data: Uint8Array): Verdict | undefined {
  const result = parseVerdict(parsed(data));
  return 'verdict' in result ? result.verdict : undefined;
}

/** Dead letters have forms of their own: all that is asked for is the id, and a reason. */
function readRejects({ records }: ShardBatch, session: Session): void {
  for (const { data, isInRange } of records) {
    const value = parsed(data);
    const { transaction_id: id, ...letter } = isObject(value) ? value : {};
    session.rejected(typeof id === 'string' ? id : undefined, reasonOf(letter), isInRange);
  }
}

function reasonOf({ error, reason }: Readonly<Record<string, unknown>>): string {
  const why = [error, reason].find((text) => typeof text === 'string' && text !== '');
  return typeof why === 'string' ? why : 'no reason given';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function parsed(data: Uint8Array): unknown {
  try {
    return parseJson(Buffer.from(data.buffer, data.byteOffset, data.length).toString('utf8'));
  } catch {
    // Not JSON: neither a verdict nor a dead letter, which the caller counts.
    return undefined;
  }
}
