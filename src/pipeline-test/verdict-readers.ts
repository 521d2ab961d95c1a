import type { RejectContract, VerdictContract } from '../contract/verdicts-contract.ts';
import { FraudstreamError } from '../errors.ts';
import type { ArrivalTime } from '../metrics/session-summary.ts';
import { orStopped } from '../stream/async-iterables.ts';
import type { Clock } from '../stream/clock.ts';
import { jsonText } from '../text/json-text.ts';
import { parseJson } from '../text/parse-json.ts';
import type { Problem } from '../transactions/field-checks.ts';
import { instantMs } from '../transactions/instant.ts';
import { parseVerdict, type Verdict } from '../transactions/verdict.ts';
import type { OfflineModel } from './offline-model.ts';
import type { Pipeline } from './pipeline.ts';
import type { Session } from './session.ts';
import {
  latestArrival,
  type SourceDependencies,
  type VerdictRecord,
  type VerdictSource,
} from './verdict-sources/verdict-source.ts';

/** Kinesis lets a shard be read five times a second, by all of its readers together. */
const POLL_MS = 200;

const NOT_ESTABLISHED = 'Stopped before every source of verdicts had answered; nothing was put.';

/** How what a pipeline puts out is read. */
export interface ReaderSettings {
  readonly offlineModel: OfflineModel | undefined;
  /** Processes that read the same streams, this one included. */
  readonly drivers: number;
  /** The forms of verdicts and dead letters where they are not ours. */
  readonly verdictForm?: VerdictContract | undefined;
  readonly rejectForm?: RejectContract | undefined;
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
  { offlineModel, drivers, verdictForm, rejectForm }: ReaderSettings,
  { clock, stop: outsideStop }: { readonly clock: Clock; readonly stop: AbortSignal },
): Promise<Readers> {
  const arrival = verdictForm?.hasArrival ? fieldTime : verdicts.arrival;
  session.arrivesBy(arrival);
  const stop = new AbortController();
  const onStop = (): void => stop.abort();
  outsideStop.addEventListener('abort', onStop);
  const start = (source: VerdictSource, onGroup: GroupReader): Promise<Reading> =>
    startReading(source, onGroup, {
      clock,
      stop: stop.signal,
      events: {
        readFailed: (code) => session.readFailed(code),
        redelivered: () => session.redelivered(),
        backlog: () => session.backlog(),
      },
      pollIntervalMs: drivers * POLL_MS,
    });
  const readings = [
    await start(verdicts, (group) => {
      const times = { readAt: clock.now(), arrival };
      if (verdictForm) readFormedVerdicts(group, session, [verdictForm, offlineModel], times);
      else readVerdicts(group, session, offlineModel, times);
    }),
    ...(rejects ? [await start(rejects, (group) => readRejects(group, session, rejectForm))] : []),
  ];
  // A source that has come to its end, such as a pipe, is no failure.
  const never = new Promise<never>(() => undefined);
  const failed = Promise.race(readings.map(({ ended }) => ended.then(() => never)));
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

type GroupReader = (records: readonly VerdictRecord[]) => void;

async function startReading(
  source: VerdictSource,
  onGroup: GroupReader,
  dependencies: SourceDependencies,
): Promise<Reading> {
  const { established, groups } = await source.open(dependencies);
  const read = async (): Promise<void> => {
    for await (const group of groups) onGroup(group);
  };
  return { established, ended: read() };
}

/** When a group was read, and where the arrival of its records is taken from. */
interface ReadingTimes {
  readonly readAt: number;
  readonly arrival: ArrivalTime;
}

/** Arrival by a field of the verdict itself. */
const fieldTime: ArrivalTime = { of: 'field', resolutionMs: 1 };

/** Reports verdicts in the form of a contract; one that does not fit is counted, and the first are shown. */
function readFormedVerdicts(
  records: readonly VerdictRecord[],
  session: Session,
  [form, offlineModel]: readonly [VerdictContract, OfflineModel | undefined],
  { readAt, arrival }: ReadingTimes,
): void {
  const verdicts = records.map(({ data }) => form.decode(data));
  const recomputed = offlineModel?.recomputed(
    verdicts.map((found) => ('problem' in found ? undefined : found.features)),
  );
  for (const [index, { data, arrivedAt, isInRange }] of records.entries()) {
    const found = verdicts[index] as (typeof verdicts)[number];
    if ('problem' in found) {
      session.unreadVerdict(misfitText(found.problem, data));
      continue;
    }
    const { transactionId, score, isFraud, error, eventAt, cardId, checks } = found;
    const at = arrival === fieldTime ? (found.arrivedAt ?? Number.NaN) : arrivedAt;
    const read = {
      id: transactionId,
      cardId,
      eventAt: eventAt ?? Number.NaN,
      score: score ?? Number.NaN,
      isFraudPredicted: isFraud,
      recomputed: recomputed?.[index] ?? Number.NaN,
      error,
      arrivedAt: latestArrival(at, readAt, arrival.resolutionMs),
      readAt,
      checks,
    };
    session.verdict(read, isInRange);
  }
}

const LONGEST_SHOWN = 120;

function misfitText({ field, value, reason }: Problem, data: Uint8Array): string {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  const seen = value === undefined ? bytes.toString('utf8') : jsonText(value);
  const shown = seen.length > LONGEST_SHOWN ? `${seen.slice(0, LONGEST_SHOWN - 3)}...` : seen;
  return `${field === '' ? 'the record' : field} ${reason}: ${shown}`;
}

function readVerdicts(
  records: readonly VerdictRecord[],
  session: Session,
  offlineModel: OfflineModel | undefined,
  { readAt, arrival }: ReadingTimes,
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
      arrivedAt: latestArrival(arrivedAt, readAt, arrival.resolutionMs),
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
function readRejects(
  records: readonly VerdictRecord[],
  session: Session,
  form: RejectContract | undefined,
): void {
  for (const { data, isInRange } of records) {
    if (form) {
      const { transactionId, reason } = form.decode(data);
      session.rejected(transactionId, reason, isInRange);
      continue;
    }
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
