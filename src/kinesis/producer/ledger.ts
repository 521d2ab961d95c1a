import type { Due } from '../../records/due.ts';
import type { Attempt, Receipt } from '../../records/receipt.ts';
import type { UserRecord } from '../../records/user-record.ts';
import { Mailbox } from '../../stream/mailbox.ts';
import type { Outstanding } from './outstanding.ts';
import type { Pending } from './pending.ts';

const NO_ATTEMPTS: readonly Attempt[] = [];

/** Who was admitted and who has a receipt: every record leaves exactly once. */
export class Ledger {
  readonly receipts: Mailbox<readonly Receipt[]> = new Mailbox();
  readonly outstanding: Outstanding;
  #admitted = 0;
  #receipted = 0;
  #isClosed = false;
  #error: unknown;

  constructor(outstanding: Outstanding) {
    this.outstanding = outstanding;
  }

  /** True once nothing more will be admitted and everything has its receipt. */
  get isOver(): boolean {
    return this.#isClosed && this.#receipted === this.#admitted;
  }

  /** True once nothing more will be admitted. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  admit({ record, dueAt }: Due<UserRecord>, now: number): Pending {
    const ordinal = this.#admitted;
    this.#admitted += 1;
    this.outstanding.add(record.data.length);
    return { record, dueAt, arrivedAt: now, ordinal, attempts: NO_ATTEMPTS };
  }

  deliver(receipts: readonly Receipt[]): void {
    if (receipts.length === 0) return;
    this.#receipted += receipts.length;
    this.receipts.push(receipts);
    this.#endIfOver();
  }

  /** Nothing more will be admitted; the first error told is thrown after the last receipt. */
  close(error?: unknown): void {
    this.blame(error);
    this.#isClosed = true;
    this.#endIfOver();
  }

  blame(error: unknown): void {
    this.#error ??= error;
  }

  #endIfOver(): void {
    if (this.isOver) this.receipts.end(this.#error);
  }
}
