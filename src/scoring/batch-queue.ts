import type { Candidate, ErrorKind, ScoringOutcome } from '../transactions/scoring-outcome.ts';
import { badResponse, type ScoringError } from './errors.ts';
import type { ParsedAnswer } from './request/parse-answer.ts';
import type { ScoreForm } from './request/request-body.ts';
import { RequestDuration } from './request-duration.ts';
import type { ScoreSettings } from './score-settings.ts';

type ScoredRows = Extract<ParsedAnswer, { readonly scores: readonly number[] }>;

/**
 * A transaction in the scoring, which waits for its micro-batch. Instants are epoch milliseconds; `sentAt` is the first attempt.
 *
 * `dueAt` is NaN until then for one that is due as soon as it can be sent.
 */
export interface PendingTransaction {
  readonly candidate: Candidate;
  readonly ordinal: number;
  dueAt: number;
  readonly admittedAt: number;
  /** The end of its timeout. */
  readonly deadlineAt: number;
  attempts: number;
  sentAt: number;
}

/** Transactions that share a request, and share it again when it is repeated. */
export interface Batch {
  readonly rows: readonly PendingTransaction[];
  /** After this instant none of them is sent any more. */
  readonly deadlineAt: number;
  /** A part of a batch that was refused as a whole. */
  readonly isSplit: boolean;
  body: Uint8Array | undefined;
  attempts: number;
  notBefore: number;
  trouble: ScoringError | undefined;
}

export function batchOf(
  rows: readonly PendingTransaction[],
  deadlineAt: number,
  isSplit: boolean,
): Batch {
  return {
    rows,
    deadlineAt,
    isSplit,
    body: undefined,
    attempts: 0,
    notBefore: 0,
    trouble: undefined,
  };
}

/** The outcomes of rows that were answered: scored, but for those whose scores are none. */
export function outcomesOf(
  rows: readonly PendingTransaction[],
  { scores, problems }: ScoredRows,
  modelVersion: string | undefined,
  settledAt: number,
): readonly ScoringOutcome[] {
  return rows.map((row, place) => {
    const problem = problems?.get(place);
    return problem === undefined
      ? scored(row, scores[place] ?? Number.NaN, modelVersion, settledAt)
      : unscored(row, badResponse(problem), settledAt);
  });
}

function scored(
  { candidate, ordinal, dueAt, attempts, sentAt }: PendingTransaction,
  score: number,
  modelVersion: string | undefined,
  settledAt: number,
): ScoringOutcome {
  return {
    candidate,
    ordinal,
    score,
    modelVersion,
    error: undefined,
    reason: undefined,
    attempts,
    dueAt,
    sentAt,
    settledAt,
  };
}

/** The outcome of one that got no score; what was never sent says so by its attempts. */
export function unscored(
  { candidate, ordinal, dueAt, attempts, sentAt }: PendingTransaction,
  { kind, reason }: Pick<ScoringError, 'kind' | 'reason'>,
  settledAt: number,
): ScoringOutcome {
  return {
    candidate,
    ordinal,
    score: Number.NaN,
    modelVersion: undefined,
    error: kind,
    reason,
    attempts,
    dueAt,
    sentAt,
    settledAt,
  };
}

/** Up to so many places at the front may be empty before they are given back. */
const SLACK = 1_024;

/** Transactions that wait to be sent, first in first out. */
export class Backlog {
  #rows: (PendingTransaction | undefined)[] = [];
  #first = 0;

  get size(): number {
    return this.#rows.length - this.#first;
  }

  get oldest(): PendingTransaction | undefined {
    return this.#rows[this.#first];
  }

  add(row: PendingTransaction): void {
    this.#rows.push(row);
  }

  /** The oldest so many, or all there are. */
  take(most: number): readonly PendingTransaction[] {
    const taken = this.#rows.slice(this.#first, this.#first + most) as PendingTransaction[];
    // What was taken is not kept alive here: every garbage collection would copy it.
    this.#rows.fill(undefined, this.#first, this.#first + taken.length);
    this.#first += taken.length;
    if (this.size === 0) {
      this.#rows.length = 0;
      this.#first = 0;
    } else if (this.#first > SLACK && this.#first * 2 > this.#rows.length) {
      this.#rows = this.#rows.slice(this.#first);
      this.#first = 0;
    }
    return taken;
  }

  /** The oldest ones of which the condition holds, up to the first of which it does not. */
  takeWhile(isMeant: (row: PendingTransaction) => boolean): readonly PendingTransaction[] {
    let count = 0;
    while (count < this.size && isMeant(this.#rows[this.#first + count] as PendingTransaction))
      count += 1;
    return count === 0 ? [] : this.take(count);
  }
}

/** Transactions that are given up, and why. */
export interface GivenUp {
  readonly rows: readonly PendingTransaction[];
  readonly trouble: { readonly kind: ErrorKind; readonly reason: string };
}

/** A first request leaves with at least this share of the timeout left, and needs at most that one. */
const LEAST_SHARE = 0.1;
const MOST_SHARE = 0.9;
/** Times what nearly every request takes: under overload all leave with no more than this left. */
const MARGIN = 2;

/**
 * What waits to be sent: transactions for company, and batches for their repetition.
 *
 * A request leaves only while its transactions have a useful part of their timeout left: requests
 * that cannot be answered in time would take the endpoint's capacity from those that can.
 */
export class BatchQueue {
  readonly #form: ScoreForm;
  readonly #settings: ScoreSettings;
  readonly #backlog = new Backlog();
  readonly #duration = new RequestDuration();
  #returns: Batch[] = [];
  #lastTrouble: ScoringError | undefined;

  constructor(form: ScoreForm, settings: ScoreSettings) {
    this.#form = form;
    this.#settings = settings;
  }

  /** True when a transaction waits that was never sent. */
  get hasFresh(): boolean {
    return this.#backlog.size > 0;
  }

  add(row: PendingTransaction): void {
    this.#backlog.add(row);
  }

  /** What the latest request came to, after how long, and whether only our deadline ended it. */
  heard(trouble: ScoringError | undefined, durationMs: number, isCutShort: boolean): void {
    this.#lastTrouble = trouble;
    // One that was cut short takes at least so long.
    if (!trouble || isCutShort) this.#duration.add(durationMs);
  }

  /** True when there is time for an answer to the batch after the instant. */
  isInTime({ deadlineAt }: Batch, at: number): boolean {
    return at + Math.min(this.#duration.mostMs, this.#mostNeededMs) < deadlineAt;
  }

  putBack(batch: Batch): void {
    this.#returns.push(batch);
  }

  /** The batch to be sent now. A fresh one only while fewer than the capacity are under way. */
  next(now: number, inFlight: number, isLast: boolean): Batch | undefined {
    const place =
      this.#returns.length === 0
        ? -1
        : this.#returns.findIndex((batch) => batch.notBefore <= now && this.isInTime(batch, now));
    if (place >= 0) return this.#returns.splice(place, 1)[0];
    const isFull = inFlight + this.#returns.length >= this.#settings.capacity;
    return isFull ? undefined : this.#fresh(now, isLast);
  }

  /** True when the oldest has waited too long. */
  isOverdue(now: number): boolean {
    const { oldest } = this.#backlog;
    return oldest !== undefined && this.#isLate(oldest, now);
  }

  /** What has waited too long: for a slot of ours, or while `isShut` for the endpoint. */
  overdue(now: number, isShut: boolean): readonly GivenUp[] {
    const late = this.#backlog.takeWhile((row) => this.#isLate(row, now));
    const given = this.#returns.filter((batch) => !this.isInTime(batch, now));
    if (given.length > 0) this.#returns = this.#returns.filter((batch) => !given.includes(batch));
    const { timeoutMs, dropAfterMs } = this.#settings;
    const waited = spanText(Math.min(timeoutMs, dropAfterMs));
    const cause = this.#lastTrouble ? ` (${this.#lastTrouble.reason})` : '';
    const why = isShut ? `for the endpoint to take requests again${cause}` : 'for a free slot';
    // One text for all of them: reasons are counted.
    const reason = `dropped after waiting up to ${waited} ${why}`;
    return givenUp(late, given, { kind: 'dropped', reason });
  }

  /** Everything, because nothing can be sent any more. */
  clear(trouble: GivenUp['trouble']): readonly GivenUp[] {
    return givenUp(this.#backlog.take(this.#backlog.size), this.#returns.splice(0), trouble);
  }

  #isLate(row: PendingTransaction, now: number): boolean {
    const { dropAfterMs } = this.#settings;
    return row.deadlineAt - this.#neededMs <= now || row.dueAt + dropAfterMs <= now;
  }

  get #mostNeededMs(): number {
    const { timeoutMs, requestTimeoutMs } = this.#settings;
    return Math.min(requestTimeoutMs, MOST_SHARE * timeoutMs);
  }

  /** What must be left of the timeout of a transaction that was never sent. */
  get #neededMs(): number {
    const wanted = Math.max(LEAST_SHARE * this.#settings.timeoutMs, MARGIN * this.#duration.mostMs);
    return Math.min(this.#mostNeededMs, wanted);
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
  fresh: readonly PendingTransaction[],
  batches: readonly Batch[],
  trouble: GivenUp['trouble'],
): readonly GivenUp[] {
  return [
    ...(fresh.length > 0 ? [{ rows: fresh, trouble }] : []),
    ...batches.map((batch) => ({ rows: batch.rows, trouble: batch.trouble ?? trouble })),
  ];
}

function spanText(ms: number): string {
  return ms >= 1_000 ? `${ms / 1_000} s` : `${ms} ms`;
}
