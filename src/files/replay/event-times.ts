import { FraudstreamError } from '../../errors.ts';
import { withMembers } from '../../text/json-members.ts';
import { instantMs } from '../../transactions/instant.ts';
import type { Label } from '../../transactions/label.ts';
import type { Transaction } from '../../transactions/transaction.ts';
import { recordOf } from '../parse-native-line.ts';
import type { Recorded, RecordedForm } from '../recorded.ts';
import type { ReplayCheckpoint } from './replay-checkpoint.ts';

/**
 * What a checkpoint does not know as settled, each noted there before it leaves.
 *
 * Errors: those of `handOut`; `bad-data` when the checkpoint knows more records than there are.
 */
export async function* remaining(
  groups: AsyncIterable<readonly Recorded[]>,
  checkpoint: ReplayCheckpoint,
  stop: AbortSignal,
): AsyncGenerator<readonly Recorded[], void, undefined> {
  let next = 0;
  for await (const group of groups) {
    const first = next;
    next += group.length;
    const records: Recorded[] = [];
    const ordinals: number[] = [];
    for (const [at, record] of group.entries()) {
      if (checkpoint.isSettled(first + at)) continue;
      records.push(record);
      ordinals.push(first + at);
    }
    if (records.length === 0) continue;
    await checkpoint.handOut(records, ordinals);
    yield records;
  }
  // After a signal the rest was not read.
  if (!stop.aborted) checkpoint.checkTotal(next);
}

/** What stands in the bytes of a record: a transaction, and fields that the schema does not know. */
type Fields = Transaction & { readonly original_event_time?: unknown };

/**
 * The same record at another event time; the old one stays in it as `original_event_time`.
 *
 * Fields that the schema does not know are kept.
 */
export function movedTo<R extends Recorded>(record: R, eventAt: number): R {
  if (record.form) return formedAt(record, record.form, eventAt);
  return moved(record, parsed(record), eventAt);
}

/**
 * The same record so much later by its event time, and due so much later.
 *
 * Errors: `bad-data` when it would leave the years 100 to 9999.
 */
export function shifted<R extends Recorded>(record: R, byMs: number): R {
  if (record.form) return formedAt(record, record.form, record.eventAt + byMs);
  const given = parsed(record);
  const later = moved(record, given, Date.parse(given.event_time) + byMs);
  return { ...later, eventAt: record.eventAt + byMs };
}

/** The same record under another id. */
export function renamed<R extends Recorded>(record: R, transactionId: string): R {
  const { label, form } = record;
  const own = label && { ...label, transaction_id: transactionId };
  if (form) {
    const { transaction } = record;
    return {
      ...record,
      id: transactionId,
      label: own,
      data: form.renamed(record.data, transactionId),
      transaction: transaction && { ...transaction, transaction_id: transactionId },
    };
  }
  return changed({ ...record, label: own }, parsed(record), { transaction_id: transactionId });
}

/** The same record at another event time, with all other bytes as they were. */
function formedAt<R extends Recorded>(record: R, form: RecordedForm, eventAt: number): R {
  const { label, transaction, id } = record;
  const at = new Date(eventAt);
  const text = Number.isNaN(at.getTime()) ? '' : at.toISOString();
  if (Number.isNaN(instantMs(text))) throw outOfYears(id, new Date(record.eventAt).toISOString());
  return {
    ...record,
    eventAt,
    data: form.moved(record.data, eventAt),
    transaction: transaction && { ...transaction, event_time: text },
    label: label && reportedLater(label, eventAt - record.eventAt),
  };
}

/** The report of a fraud moves with its transaction. */
function reportedLater(label: Label, byMs: number): Label {
  const at = instantMs(label.reported_at ?? '');
  return Number.isNaN(at) ? label : { ...label, reported_at: new Date(at + byMs).toISOString() };
}

function moved<R extends Recorded>(record: R, given: Fields, eventAt: number): R {
  const { event_time, original_event_time: original } = given;
  const { label } = record;
  const laterBy = eventAt - Date.parse(event_time);
  return changed({ ...record, label: label && reportedLater(label, laterBy) }, given, {
    event_time: instantText(eventAt, given),
    original_event_time: typeof original === 'string' ? original : event_time,
  });
}

function instantText(eventAt: number, { transaction_id, event_time }: Transaction): string {
  const at = new Date(eventAt);
  const text = Number.isNaN(at.getTime()) ? '' : at.toISOString();
  if (!Number.isNaN(instantMs(text))) return text;
  throw outOfYears(transaction_id, event_time);
}

function outOfYears(id: string, eventTime: string): FraudstreamError {
  const message = `Transaction ${id} of ${eventTime} would be moved outside of the years 100 to 9999. Shift event times by less (--time-shift), or loop fewer times (--loop).`;
  return new FraudstreamError('bad-data', message);
}

function changed<R extends Recorded>(record: R, given: Fields, fields: Partial<Fields>): R {
  const values = Object.entries(fields).map(([name, value]) => [name, JSON.stringify(value)]);
  const data = withMembers(record.data, Object.fromEntries(values));
  return { ...record, ...recordOf({ ...given, ...fields }, record.label, data) };
}

function parsed({ data }: Recorded): Fields {
  return JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.length).toString('utf8'));
}

/**
 * The records of a recorded stream, in time by when the stream took them instead of by event time.
 *
 * Errors: `bad-data` for a record whose arrival is not known.
 */
export async function* byArrival(
  groups: AsyncIterable<readonly Recorded[]>,
): AsyncGenerator<readonly Recorded[], void, undefined> {
  for await (const group of groups) yield group.map(arrived);
}

function arrived(record: Recorded): Recorded {
  const { arrivedAt = Number.NaN, id } = record;
  if (!Number.isNaN(arrivedAt)) return { ...record, eventAt: arrivedAt };
  throw new FraudstreamError(
    'bad-data',
    `Transaction ${id} has no arrived_at, which "fraudstream record" writes: leave --by arrival out.`,
  );
}

const SECOND_MS = 1000;

/**
 * The records again and again, read anew each time.
 *
 * From the second time on ids end in `~2`, `~3` and so on, and event time goes on where the time before
 * it ended: at the next whole second after its last record.
 */
export async function* looped(
  open: () => AsyncIterable<readonly Recorded[]>,
  times: number,
): AsyncGenerator<readonly Recorded[], void, undefined> {
  let spanMs = 0;
  for (let time = 1; time <= times; time += 1) {
    let first = Number.POSITIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    for await (const group of open()) {
      for (const { eventAt } of group) {
        first = Math.min(first, eventAt);
        last = Math.max(last, eventAt);
      }
      yield time === 1 ? group : group.map((record) => again(record, time, spanMs * (time - 1)));
    }
    if (last < first) return;
    spanMs = (Math.floor((last - first) / SECOND_MS) + 1) * SECOND_MS;
  }
}

function again(record: Recorded, time: number, shiftMs: number): Recorded {
  const renewed = renamed(record, `${record.id}~${time}`);
  return shifted({ ...renewed, eventAt: record.eventAt }, shiftMs);
}

/** A record, and how long after the first one it is due at the original speed. */
export interface Timed extends Recorded {
  readonly dueMs: number;
}

/** What was seen of the order of event times. */
export interface Order {
  outOfOrder: number;
}

/**
 * When records are due by their event times; gaps longer than `maxGapMs` count as that long.
 *
 * A record that comes out of order is due at once, and counted: it never holds up the others.
 */
export async function* timed(
  groups: AsyncIterable<readonly Recorded[]>,
  maxGapMs: number,
  order: Order,
): AsyncGenerator<readonly Timed[], void, undefined> {
  let last: number | undefined;
  let dueMs = 0;
  for await (const group of groups) {
    yield group.map((record) => {
      const gapMs = record.eventAt - (last ?? record.eventAt);
      if (gapMs < 0) order.outOfOrder += 1;
      else {
        dueMs += Math.min(gapMs, maxGapMs);
        last = record.eventAt;
      }
      return { ...record, dueMs };
    });
  }
}
