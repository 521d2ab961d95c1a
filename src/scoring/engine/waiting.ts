import type { ErrorKind } from '../../records/error-kind.ts';
import type { ScoreForm } from '../score-form.ts';
import type { ScoreSettings } from '../score-settings.ts';
import type { Trouble } from '../trouble.ts';
import { Backlog } from './backlog.ts';
import { type Batch, batchOf, type Pending } from './pending.ts';

/** Transactions that are given up, and why. */
export interface GivenUp {
  readonly rows: readonly Pending[];
  readonly trouble: { readonly kind: ErrorKind; readonly reason: string };
}

/** What waits to be sent: transactions for company, and batches for their repetition. */
export class Waiting {
  readonly #form: ScoreForm;
  readonly #settings: ScoreSettings;
  readonly #backlog = new Backlog();
  #returns: Batch[] = [];
  #lastTrouble: Trouble | undefined;

  constructor(form: ScoreForm, settings: ScoreSettings) {
    this.#form = form;
    this.#settings = settings;
  }

  /** True when a transaction waits that was never sent. */
  get hasFresh(): boolean {
    return this.#backlog.size > 0;
  }

  add(row: Pending): void {
    this.#backlog.add(row);
  }

  /** What the latest request came to; whoever is never sent is told. */
  heard(trouble: Trouble | undefined): void {
    this.#lastTrouble = trouble;
  }

  putBack(batch: Batch): void {
    this.#returns.push(batch);
  }

  /** The batch to be sent now. A fresh one only while fewer than the capacity are under way. */
  next(now: number, inFlight: number, isLast: boolean): Batch | undefined {
    const place = this.#returns.findIndex(({ notBefore }) => notBefore <= now);
    if (place >= 0) return this.#returns.splice(place, 1)[0];
    const isFull = inFlight + this.#returns.length >= this.#settings.capacity;
    return isFull ? undefined : this.#fresh(now, isLast);
  }

  /** True when the oldest has waited too long. */
  isOverdue(now: number): boolean {
    const { oldest } = this.#backlog;
    return oldest !== undefined && this.#isLate(oldest, now);
  }

  /** What has waited too long. */
  overdue(now: number): readonly GivenUp[] {
    const late = this.#backlog.takeWhile((row) => this.#isLate(row, now));
    const given = this.#returns.filter(({ deadlineAt }) => deadlineAt <= now);
    if (given.length > 0) this.#returns = this.#returns.filter((batch) => !given.includes(batch));
    const { timeoutMs, dropAfterMs } = this.#settings;
    const cause = this.#lastTrouble ? ` (${this.#lastTrouble.reason})` : '';
    const waitedMs = Math.min(timeoutMs, dropAfterMs);
    const reason = `not sent in ${waitedMs} ms: the endpoint took no more${cause}`;
    return givenUp(late, given, { kind: 'dropped', reason });
  }

  /** Everything, because nothing can be sent any more. */
  clear(trouble: GivenUp['trouble']): readonly GivenUp[] {
    return givenUp(this.#backlog.take(this.#backlog.size), this.#returns.splice(0), trouble);
  }

  #isLate(row: Pending, now: number): boolean {
    const { dropAfterMs } = this.#settings;
    return row.deadlineAt <= now || row.dueAt + dropAfterMs <= now;
  }

  #fresh(now: number, isLast: boolean): Batch | undefined {
    const { batchRows, batchBytes, lingerMs } = this.#settings;
    const { oldest, size } = this.#backlog;
    if (!oldest) return undefined;
    if (size < batchRows && !isLast && now < oldest.admittedAt + lingerMs) return undefined;
    let [rows, bytes] = [0, 0];
    const taken = this.#backlog.takeWhile(({ candidate }) => {
      rows += 1;
      bytes += this.#form.bytesOf(candidate);
      return rows <= batchRows && (bytes <= batchBytes || rows === 1);
    });
    return batchOf(taken, oldest.deadlineAt, false);
  }
}

/** A batch that was sent before ends with what it was told then. */
function givenUp(
  fresh: readonly Pending[],
  batches: readonly Batch[],
  trouble: GivenUp['trouble'],
): readonly GivenUp[] {
  return [
    ...(fresh.length > 0 ? [{ rows: fresh, trouble }] : []),
    ...batches.map((batch) => ({ rows: batch.rows, trouble: batch.trouble ?? trouble })),
  ];
}
