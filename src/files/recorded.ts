import type { ContractRecord } from '../contract/transactions-contract.ts';
import type { Problem } from '../transactions/field-checks.ts';
import type { Label } from '../transactions/label.ts';
import type { Transaction } from '../transactions/transaction.ts';
import type { UserRecord } from '../transactions/user-record.ts';

/** The form of records that are not in our own: what changes and reads their bytes. */
export interface RecordedForm {
  moved(data: Uint8Array, eventAt: number): Uint8Array;
  renamed(data: Uint8Array, id: string): Uint8Array;
  decode(data: Uint8Array): ContractRecord | { readonly problem: Problem };
}

/**
 * A transaction of a file, as the record to be put.
 *
 * `data` are the bytes of the line where the file has them in our form, without the truth in any case
 * and without what a recorder added; `eventAt` is its event time in epoch milliseconds, `label` the truth where the file tells it.
 */
export interface Recorded extends UserRecord {
  readonly eventAt: number;
  /** Undefined for a line that was scanned and not parsed: `transactionIn` reads it. */
  readonly transaction: Transaction | undefined;
  readonly label: Label | undefined;
  /** When the stream it was recorded from took it, epoch milliseconds; NaN where that is not known. */
  readonly arrivedAt: number | undefined;
  /** Undefined for our own form. */
  readonly form?: RecordedForm | undefined;
  readonly isForeign?: boolean | undefined;
  /** Of a record in another form, in which it cannot be looked for. */
  readonly merchantCountry?: string | undefined;
}
