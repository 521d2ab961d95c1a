import type { Transaction } from '../../records/transaction.ts';
import { type Recorded, recordOf } from '../recorded.ts';

/**
 * The same record at another event time; the old one stays in it as `original_event_time`.
 *
 * Fields that the schema does not know are kept.
 */
export function movedTo<R extends Recorded>(record: R, eventAt: number): R {
  const { event_time } = record.transaction;
  return changed(record, {
    event_time: new Date(eventAt).toISOString(),
    original_event_time: originalTime(record) ?? event_time,
  });
}

/** The same record so much later by its event time, and due so much later. */
export function shifted<R extends Recorded>(record: R, byMs: number): R {
  const moved = movedTo(record, Date.parse(record.transaction.event_time) + byMs);
  return { ...moved, eventAt: record.eventAt + byMs };
}

/** The same record under another id. */
export function renamed<R extends Recorded>(record: R, transactionId: string): R {
  return changed(record, { transaction_id: transactionId });
}

function changed<R extends Recorded>(record: R, fields: Readonly<Record<string, string>>): R {
  const whole = { ...parsed(record), ...fields };
  const transaction = { ...record.transaction, ...fields } as Transaction;
  const data = Buffer.from(JSON.stringify(whole));
  return { ...record, ...recordOf(transaction, record.label, data) };
}

function originalTime(record: Recorded): string | undefined {
  const { original_event_time: original } = parsed(record);
  return typeof original === 'string' ? original : undefined;
}

function parsed({ data }: Recorded): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.length).toString('utf8'));
}
