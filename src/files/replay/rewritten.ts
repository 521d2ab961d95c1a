import { FraudstreamError } from '../../fraudstream-error.ts';
import { instantMs } from '../../records/instant-ms.ts';
import type { Label } from '../../records/label.ts';
import type { Transaction } from '../../records/transaction.ts';
import { recordOf } from '../own-record.ts';
import type { Recorded } from '../recorded.ts';

/** What stands in the bytes of a record: a transaction, and fields that the schema does not know. */
type Fields = Transaction & { readonly original_event_time?: unknown };

/**
 * The same record at another event time; the old one stays in it as `original_event_time`.
 *
 * Fields that the schema does not know are kept.
 */
export function movedTo<R extends Recorded>(record: R, eventAt: number): R {
  return moved(record, parsed(record), eventAt);
}

/**
 * The same record so much later by its event time, and due so much later.
 *
 * Errors: `bad-data` when it would leave the years 100 to 9999.
 */
export function shifted<R extends Recorded>(record: R, byMs: number): R {
  const given = parsed(record);
  const later = moved(record, given, Date.parse(given.event_time) + byMs);
  return { ...later, eventAt: record.eventAt + byMs };
}

/** The same record under another id. */
export function renamed<R extends Recorded>(record: R, transactionId: string): R {
  const { label } = record;
  const own = label && { ...label, transaction_id: transactionId };
  return changed({ ...record, label: own }, parsed(record), { transaction_id: transactionId });
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
  const message = `Transaction ${transaction_id} of ${event_time} would be moved out of the years 100 to 9999. Shift event times by less (--time-shift), or loop fewer times (--loop).`;
  throw new FraudstreamError('bad-data', message);
}

function changed<R extends Recorded>(record: R, given: Fields, fields: Partial<Fields>): R {
  const whole = { ...given, ...fields };
  const data = Buffer.from(JSON.stringify(whole));
  return { ...record, ...recordOf(whole, record.label, data) };
}

function parsed({ data }: Recorded): Fields {
  return JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.length).toString('utf8'));
}
