import type { Runtime } from '../cli/runtime.ts';
import type { OpenStream } from '../commands/shared/open-stream.ts';
import { FraudstreamError } from '../errors.ts';
import { consume, type ShardBatch } from '../kinesis/consumer/consume.ts';
import type { ReadDependencies } from '../kinesis/consumer/shard-reader.ts';
import type { Shard } from '../kinesis/put-client.ts';
import type { ReadClient, RecordPage } from '../kinesis/read-client.ts';
import { listedShards } from '../kinesis/retries.ts';
import type { Tally } from '../metrics/tally.ts';
import { orStopped } from '../stream/async-iterables.ts';
import { parseJson } from '../text/parse-json.ts';
import { instantMs } from '../transactions/instant.ts';
import { parseVerdict } from '../transactions/verdict.ts';
import type { OfflineModel } from './offline-model.ts';
import type { Pipeline } from './open-pipeline.ts';
import type { Session } from './session.ts';

/** A client that knows when a reading at the end of a stream has begun in every shard. */
export interface WatchedReading {
  readonly client: ReadClient;
  /** Resolves when each open shard has answered once: nothing that is put from then on is missed. */
  readonly established: Promise<void>;
}

/**
 * Watches the first answers of a client's shards.
 *
 * An iterator of LATEST stands where the shard ended when it was asked for; only an answer to
 * GetRecords proves that there was one. `failures` counts reads that failed, by code.
 */
export async function watchedReading(
  client: ReadClient,
  failures: Tally,
  dependencies: ReadDependencies,
): Promise<WatchedReading> {
  const listShards = (): Promise<readonly Shard[]> => counted(client.listShards(), failures);
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
        const iterator = await counted(client.iterator(shardId, position), failures);
        if (iterator !== undefined && silent.has(shardId)) shardOf.set(iterator, shardId);
        return iterator;
      },
      records: async (iterator, limit) => {
        const page = await counted(client.records(iterator, limit), failures);
        if (page.failure && !isRenewed(page.failure)) failures.add(page.failure.code);
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

/** An iterator that is too old is no trouble of the stream: the reader takes a new one. */
function isRenewed({ code }: NonNullable<RecordPage['failure']>): boolean {
  return code === 'ExpiredIteratorException';
}

async function counted<T>(answer: Promise<T>, failures: Tally): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    failures.add(error instanceof FraudstreamError ? error.code : 'Unknown');
    throw error;
  }
}

/** Kinesis lets a shard be read five times a second, by all of its readers together. */
const POLL_MS = 200;

const NOT_ESTABLISHED = 'Stopped before every shard of the verdicts had answered; nothing was put.';

/** What is read, and where it goes. */
export interface VerdictReading {
  readonly pipeline: Pick<Pipeline, 'verdicts' | 'rejects'>;
  readonly session: Session;
  readonly offline: OfflineModel | undefined;
  /** Processes that read the same streams. */
  readonly readers: number;
}

/** The readers of what a pipeline puts out. `failed` rejects when one of them cannot go on. */
export interface Readers {
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

/** Starts to read verdicts and dead letters; resolves when nothing that is put from now on is missed. */
export async function startReaders(
  { pipeline: { verdicts, rejects }, session, offline, readers }: VerdictReading,
  { clock, stop: outsideStop }: Pick<Runtime, 'clock' | 'stop'>,
): Promise<Readers> {
  const stop = new AbortController();
  const onStop = (): void => stop.abort();
  outsideStop.addEventListener('abort', onStop);
  const dependencies = { clock, stop: stop.signal, pollIntervalMs: readers * POLL_MS };
  const failures = session.readErrors;
  const readings = [
    await startReading(verdicts, dependencies, failures, (batch) =>
      readVerdicts(batch, { session, offline }, clock.now()),
    ),
    ...(rejects
      ? [
          await startReading(rejects, dependencies, failures, (batch) =>
            readRejects(batch, session),
          ),
        ]
      : []),
  ];
  const failed = Promise.race(readings.map(({ ended }) => ended)).then(
    () => new Promise<never>(() => undefined),
  );
  // Whoever waits hears of it; a failure while nobody does is told at the next wait.
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
  stream: OpenStream,
  {
    pollIntervalMs,
    ...dependencies
  }: Parameters<typeof consume>[1] & { readonly pollIntervalMs: number },
  failures: Tally,
  take: (batch: ShardBatch) => void,
): Promise<Reading> {
  const { client, established } = await watchedReading(stream.client, failures, dependencies);
  const reading = { from: 'latest', limit: 10_000, pollIntervalMs } as const;
  const read = async (): Promise<void> => {
    for await (const batch of consume(client, dependencies, reading)) take(batch);
  };
  return { established, ended: read() };
}

function readVerdicts(
  { records }: ShardBatch,
  { session, offline }: Pick<VerdictReading, 'session' | 'offline'>,
  readAt: number,
): void {
  const verdicts = records.map(({ data }) => verdictIn(data));
  const recomputed = offline?.recomputed(verdicts.map((verdict) => verdict?.features));
  for (const [place, { arrivedAt, isInRange }] of records.entries()) {
    const verdict = verdicts[place];
    if (!verdict) {
      session.unreadVerdicts += 1;
      continue;
    }
    if (!isInRange) session.outOfRangeVerdicts += 1;
    const { transaction_id: id, card_id: cardId, score, error } = verdict;
    session.endToEnd.threshold ??= verdict.threshold;
    const isOurs = session.correlation.judged({
      id,
      cardId,
      eventAt: instantMs(verdict.event_time),
      score: score ?? Number.NaN,
      recomputed: recomputed?.[place] ?? Number.NaN,
      error: error ?? undefined,
      arrivedAt: Number.isNaN(arrivedAt) ? readAt : arrivedAt,
      readAt,
      isOutOfRange: !isInRange,
    });
    // Verdicts about what others sent neither end nor prolong the drain.
    if (isOurs) session.lastVerdictAt = readAt;
  }
}

function verdictIn(data: Uint8Array): ReturnType<typeof verdictOf> {
  return verdictOf(parsed(data));
}

function verdictOf(value: unknown) {
  const result = parseVerdict(value);
  return 'verdict' in result ? result.verdict : undefined;
}

/** Dead letters have forms of their own: all that is asked for is the id, and a reason. */
function readRejects({ records }: ShardBatch, session: Session): void {
  for (const { data, isInRange } of records) {
    if (!isInRange) session.outOfRangeRejects += 1;
    const letter = parsed(data);
    const { transaction_id: id, ...told } = isObject(letter) ? letter : {};
    const kind = typeof id === 'string' ? session.correlation.rejected(id) : 'foreign';
    if (kind === 'foreign') session.foreignRejects += 1;
    if (kind === 'again') session.repeatedRejects += 1;
    else session.rejects.add(reasonOf(told));
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
    // Not JSON: no verdict and no letter, which the caller counts.
    return undefined;
  }
}
