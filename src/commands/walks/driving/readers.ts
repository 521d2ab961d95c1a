import { FraudstreamError } from '../../../fraudstream-error.ts';
import { consume, type ShardBatch } from '../../../kinesis/consume.ts';
import { instantMs } from '../../../records/instant-ms.ts';
import { parseJson } from '../../../records/parse-json.ts';
import { parseVerdict } from '../../../records/verdict.ts';
import type { Tally } from '../../../reporting/tally.ts';
import { orStopped } from '../../../stream/until-stopped.ts';
import type { Outside } from '../../outside.ts';
import type { OpenStream } from '../sources/stream.ts';
import type { OfflineModel } from './offline-model.ts';
import type { Pipeline } from './pipeline.ts';
import type { Session } from './session.ts';
import { watchedReading } from './watched-reading.ts';

/** Kinesis lets a shard be read five times a second, by all of its readers together. */
const POLL_MS = 200;

const NOT_ESTABLISHED = 'Stopped before every shard of the verdicts had answered; nothing was put.';

/** What is read, and where it goes. */
export interface Watched {
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
  { pipeline: { verdicts, rejects }, session, offline, readers }: Watched,
  { clock, stop: outsideStop }: Pick<Outside, 'clock' | 'stop'>,
): Promise<Readers> {
  const stop = new AbortController();
  const onStop = (): void => stop.abort();
  outsideStop.addEventListener('abort', onStop);
  const means = { clock, stop: stop.signal, pollIntervalMs: readers * POLL_MS };
  const failures = session.readErrors;
  const readings = [
    await startReading(verdicts, means, failures, (batch) =>
      readVerdicts(batch, { session, offline }, clock.now()),
    ),
    ...(rejects
      ? [await startReading(rejects, means, failures, (batch) => readRejects(batch, session))]
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
  { pollIntervalMs, ...means }: Parameters<typeof consume>[1] & { readonly pollIntervalMs: number },
  failures: Tally,
  take: (batch: ShardBatch) => void,
): Promise<Reading> {
  const { client, established } = await watchedReading(stream.client, failures, means);
  const reading = { from: 'latest', limit: 10_000, pollIntervalMs } as const;
  const read = async (): Promise<void> => {
    for await (const batch of consume(client, means, reading)) take(batch);
  };
  return { established, ended: read() };
}

function readVerdicts(
  { records }: ShardBatch,
  { session, offline }: Pick<Watched, 'session' | 'offline'>,
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
    session.journey.threshold ??= verdict.threshold;
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
