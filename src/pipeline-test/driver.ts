import type { Runtime } from '../cli/runtime.ts';
import type { RecordSource } from '../commands/shared/source.ts';
import { type PaceValues, paced, ready } from '../commands/shared/source.ts';
import type { ProducerSettings } from '../kinesis/producer/producer-settings.ts';
import { put } from '../kinesis/producer/put.ts';
import type { Sourced } from '../scoring/candidates.ts';
import type { Due } from '../transactions/user-record.ts';
import type { PipelineGroundTruth } from './ground-truth.ts';
import type { OfflineModel } from './offline-model.ts';
import type { Pipeline } from './open-pipeline.ts';
import type { Session } from './session.ts';
import { type Readers, startReaders } from './verdict-readers.ts';

/** How long is waited for verdicts after the last put, and for more of them after the last one. */
export interface DriveValues extends PaceValues {
  readonly drain: number;
  readonly listenOn: number;
  readonly producer: ProducerSettings;
}

/** All that a drive needs. */
export interface Drive {
  readonly pipeline: Pipeline;
  readonly source: { readonly groups: RecordSource['groups'] | AsyncIterable<readonly Sourced[]> };
  readonly session: Session;
  readonly truth: PipelineGroundTruth;
  readonly offline: OfflineModel | undefined;
  /** Processes that read the verdicts of this pipeline. */
  readonly readers: number;
  readonly values: DriveValues;
  readonly runtime: Pick<Runtime, 'clock' | 'random' | 'stop'>;
  /** Hears the instant from which records are due, and that all have been put. */
  readonly begun?: (now: number) => void;
  readonly isPut?: () => void;
}

/** A record with what is known of it on this side. */
interface Known {
  readonly record: Sourced;
  readonly expected: number;
}

const DRAIN_POLL_MS = 20;
/** Longer than this between two groups, and the producer has held the source up. */
export const HELD_UP_MS = 20;
/** Records whose scores are computed at once, before they are due. */
const SLICE = 100;

/**
 * Drives a pipeline: reads first, then puts, then waits for what is still under way.
 *
 * An error that ended it comes back, because the report comes before it.
 */
export async function drive(drive: Drive): Promise<{ readonly by: unknown } | undefined> {
  const { session, runtime } = drive;
  let readers: Readers | undefined;
  let broken: { readonly by: unknown } | undefined;
  try {
    readers = await startReaders(drive, runtime);
    const records = await Promise.race([ready(known(drive), drive.values), readers.failed]);
    const now = runtime.clock.now();
    session.start(now);
    drive.begun?.(now);
    await Promise.race([putAll(drive, records), readers.failed]);
    session.putAt = runtime.clock.now();
    drive.isPut?.();
    await Promise.race([drained(drive), readers.failed]);
  } catch (by) {
    broken = { by };
  }
  await readers?.stop();
  session.correlation.close();
  return broken;
}

async function putAll(drive: Drive, records: AsyncIterable<readonly Known[]>): Promise<void> {
  const { pipeline, session, values, runtime } = drive;
  const { clock, random, stop } = runtime;
  const { delivery, correlation } = session;
  const dependencies = { clock, random, stop, observe: delivery.addRequest.bind(delivery) };
  const due = paced(records, values, runtime);
  for await (const receipts of put(
    sent(due, drive),
    pipeline.input.client,
    dependencies,
    values.producer,
  )) {
    delivery.add(receipts);
    for (const { id, acknowledgedAt, isAccepted, attempts, payloadBytes } of receipts) {
      session.heldRecords -= 1;
      session.heldBytes -= payloadBytes;
      correlation.acknowledged(id, acknowledgedAt, isAccepted, attempts.length > 1);
    }
  }
}

/** The records of the source, with the scores they should get. */
async function* known({
  source,
  offline,
}: Drive): AsyncGenerator<readonly Known[], void, undefined> {
  for await (const group of source.groups as AsyncIterable<readonly Sourced[]>) {
    for (let from = 0; from < group.length; from += SLICE) {
      const slice = group.slice(from, from + SLICE);
      const scores = offline?.expected(slice);
      yield slice.map((record, place) => ({ record, expected: scores?.[place] ?? Number.NaN }));
    }
  }
}

/** The records as they leave: noted before the producer has them. */
async function* sent(
  groups: AsyncIterable<readonly Due<Known>[]>,
  { session, truth, values, runtime }: Drive,
): AsyncGenerator<readonly Due<Sourced>[], void, undefined> {
  const { clock } = runtime;
  const { generator } = session;
  for await (const group of groups) {
    const now = clock.now();
    for (const { dueAt, record: each } of group) {
      const { record, expected } = each;
      const { id, partitionKey: cardId } = record;
      const country = merchantCountry(record.data);
      session.heldRecords += 1;
      session.heldBytes += record.data.length;
      session.sent({ id, cardId, dueAt, expected, country, ...truth.of(record) }, now);
    }
    generator.left(group, now, session.endToEnd.measuredFrom);
    yield group.map(({ dueAt, record: { record } }) => ({ dueAt, record }));
    const tookMs = clock.now() - now;
    if (tookMs > HELD_UP_MS && isFull(session, values.producer)) generator.addBlocked(tookMs);
  }
}

/** A producer that holds nearly all it may holds the source up: the stream takes no more. */
export function isFull(
  { heldRecords, heldBytes }: Pick<Session, 'heldRecords' | 'heldBytes'>,
  { maxOutstandingRecords, maxOutstandingBytes }: ProducerSettings,
): boolean {
  return heldRecords >= NEARLY * maxOutstandingRecords || heldBytes >= NEARLY * maxOutstandingBytes;
}

const NEARLY = 0.9;
const COUNTRY = Buffer.from('"merchant_country":"');

/** The country of a transaction's merchant, found without reading all of its JSON. */
function merchantCountry(data: Uint8Array): string | undefined {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  const at = bytes.indexOf(COUNTRY);
  return at < 0
    ? undefined
    : bytes.toString('latin1', at + COUNTRY.length, at + COUNTRY.length + 2);
}

/** Waits until nothing is outstanding and nothing more comes, or until the time for it is over. */
async function drained({ session, values, runtime }: Drive): Promise<void> {
  const { clock } = runtime;
  const endAt = clock.now() + values.drain;
  while (session.correlation.outstanding > 0 && clock.now() < endAt) {
    await clock.sleep(DRAIN_POLL_MS);
  }
  const startedAt = clock.now();
  const heardAt = (): number => Math.max(startedAt, session.lastVerdictAt || 0);
  while (clock.now() < Math.min(heardAt() + values.listenOn, endAt + values.listenOn)) {
    await clock.sleep(DRAIN_POLL_MS);
  }
}
