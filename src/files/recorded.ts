import type { Label } from '../transactions/label.ts';
import type { Transaction } from '../transactions/transaction.ts';
import type { UserRecord } from '../transactions/user-record.ts';

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
}
