import type { CorrelationCounts, Match, Unjudged } from '../../metrics/match.ts';
import { CardOrder } from './card-order.ts';
import { MatchEmitter } from './match-emitter.ts';
import {
  CHUNK,
  flag,
  JUDGED,
  type SeenVerdict,
  SentTable,
  type SentTransaction,
} from './sent-table.ts';
import { TroubleCounts } from './trouble-counts.ts';

/** The ways a transaction counts: exactly one at every moment. */
export type TransactionEnd =
  | 'outstanding'
  | 'matched'
  | 'late'
  | 'unscored'
  | 'rejected'
  | 'undelivered'
  | 'missing'
  | 'silent';

/** Endings of which transactions are named that have no verdict, and may yet get one. */
export function isTrouble(
  ending: TransactionEnd,
): ending is 'rejected' | 'undelivered' | 'missing' {
  return ending === 'rejected' || ending === 'undelivered' || ending === 'missing';
}

/** How a transaction without a verdict counts, by its flags. */
export function transactionEnd(known: number): TransactionEnd {
  if (known & flag.rejected) return 'rejected';
  if (known & flag.acknowledged) return known & flag.over ? 'missing' : 'outstanding';
  return known & (flag.over | flag.failed) ? 'undelivered' : 'outstanding';
}

/** When a verdict is late, and how long a transaction is remembered at all. */
export interface CorrelationSettings {
  readonly lateAfterMs: number;
  readonly forgetAfterMs: number;
  /** Transactions of a card stand in the stream as they were sent: then verdicts out of order are counted. */
  readonly isOrdered: boolean;
  /** Nobody else puts to the pipeline: then verdicts about nothing that was sent here are counted. */
  readonly isAlone: boolean;
  /** The pipeline sends alerts only: what it says nothing of is not missing. */
  readonly isAlertsOnly?: boolean;
}

/**
 * Matches verdicts with the transactions that were put, by id, in whichever order both come.
 *
 * Counts lost transactions (`missing`) and duplicate verdicts (`identical`, `contradicting`).
 * Keeps about 120 bytes for each transaction that is remembered, in typed arrays. `onMatch` gets
 * each transaction's first verdict, once its put is acknowledged too or never will be; `unjudged` each
 * that the stream took and that is given up without one.
 */
export class Correlation {
  readonly #settings: CorrelationSettings;
  readonly #emitter: MatchEmitter;
  readonly #unjudged: (transaction: Unjudged) => void;
  readonly #table = new SentTable();
  readonly #cards = new CardOrder();
  readonly #tally: TroubleCounts;
  /** All rows before this one have been looked at for being overdue. */
  #timely = 0;

  constructor(
    settings: CorrelationSettings,
    onMatch: (match: Match) => void,
    unjudged: (transaction: Unjudged) => void = () => undefined,
  ) {
    this.#settings = settings;
    this.#tally = new TroubleCounts(settings.isAlertsOnly ?? false);
    this.#unjudged = unjudged;
    this.#emitter = new MatchEmitter(this.#table, onMatch);
  }

  /** Transactions that may still get a verdict. */
  get outstanding(): number {
    return this.#tally.counts.outstanding;
  }

  /** A transaction is on its way; must come before its receipt and its verdict. */
  sent(sent: SentTransaction): void {
    const { id, cardId, dueAt, isFraud, expected } = sent;
    const { counts } = this.#tally;
    const { row, isNew } = this.#table.add(id);
    if (!isNew) {
      // The pipeline rightly answers twice.
      this.#table.set(row, flag.again);
      counts.repeatedIds += 1;
      return;
    }
    const chunk = this.#table.chunkOf(row);
    const at = row % CHUNK;
    const card = this.#cards.cardOf(cardId);
    chunk.dueAt[at] = dueAt;
    chunk.expected[at] = expected;
    chunk.card[at] = card;
    chunk.cardIndex[at] = this.#cards.next(card);
    this.#emitter.note(row, sent);
    if (isFraud !== undefined) this.#table.set(row, flag.truthKnown | (isFraud ? flag.fraud : 0));
    counts.sent += 1;
    counts.outstanding += 1;
  }

  /** What became of a put. `isAgain`: it took more than one try. */
  acknowledged(id: string, at: number, isAccepted: boolean, isAgain: boolean): void {
    const row = this.#table.find(id);
    if (row < 0) return;
    const known = this.#table.flagsOf(row);
    if (known & flag.acknowledged) return;
    if (isAgain && known & flag.outOfOrder) {
      this.#table.clear(row, flag.outOfOrder);
      this.#tally.counts.outOfOrder -= 1;
      this.#tally.unname('out_of_order', id);
    }
    const bits = (isAgain ? flag.again : 0) | (isAccepted ? flag.acknowledged : flag.failed);
    this.#table.set(row, bits);
    if (isAccepted) {
      this.#table.chunkOf(row).acknowledgedAt[row % CHUNK] = at;
      this.#tally.counts.acknowledged += 1;
    }
    if (!(known & JUDGED)) this.#move(row, transactionEnd(known), transactionEnd(known | bits));
    else if (isAccepted) this.#emitter.emitWaiting(row);
  }

  /** A verdict was read; true if it is about a transaction that was sent here. */
  judged(seen: SeenVerdict): boolean {
    const row = this.#table.find(seen.id);
    if (row < 0) this.#tally.unknown(seen.id, this.#settings.isAlone);
    else if (this.#table.flagsOf(row) & JUDGED) this.#judgedAgain(seen, row);
    else this.#judgedFirst(seen, row);
    return row >= 0;
  }

  /** A dead letter was read: the first about this transaction, one more, or one about nothing that we sent. */
  rejected(id: string): 'first' | 'again' | 'foreign' {
    const row = this.#table.find(id);
    if (row < 0) return 'foreign';
    const known = this.#table.flagsOf(row);
    if (known & flag.rejected) return 'again';
    this.#table.set(row, flag.rejected);
    if (known & JUDGED) return 'first';
    this.#move(row, transactionEnd(known), 'rejected');
    this.#tally.name('rejected', id);
    return 'first';
  }

  /** Notes what is overdue, and gives up what is older than is remembered; to be called now and then. */
  tick(now: number): void {
    const { lateAfterMs, forgetAfterMs } = this.#settings;
    const table = this.#table;
    const from = Math.max(this.#timely, table.oldest);
    this.#timely = table.visit(from, now - lateAfterMs, (row) => this.#noteOverdue(row));
    const kept = table.visit(table.oldest, now - forgetAfterMs, (row) => this.#giveUp(row));
    if (kept > table.oldest) table.forgetBefore(kept);
  }

  /** Nothing more comes: what is outstanding is missing, or never reached the stream. */
  close(): void {
    for (let row = this.#table.oldest; row < this.#table.end; row += 1) this.#giveUp(row);
  }

  summary(): CorrelationCounts {
    return this.#tally.summary();
  }

  #noteOverdue(row: number): void {
    const known = this.#table.flagsOf(row);
    if (known & JUDGED || transactionEnd(known) !== 'outstanding') return;
    // An alert that did not come is none that is overdue.
    if (this.#settings.isAlertsOnly && known & flag.acknowledged) return;
    this.#table.set(row, flag.overdue);
    this.#tally.counts.overdue += 1;
  }

  #move(row: number, from: TransactionEnd, to: TransactionEnd): void {
    if (to !== 'outstanding' && this.#table.flagsOf(row) & flag.overdue) {
      this.#table.clear(row, flag.overdue);
      this.#tally.counts.overdue -= 1;
    }
    this.#tally.counts[from] -= 1;
    this.#tally.counts[to] += 1;
    if (isTrouble(from)) this.#tally.unname(from, this.#table.idOf(row));
  }

  #judgedFirst(seen: SeenVerdict, row: number): void {
    const { id, error, arrivedAt } = seen;
    const chunk = this.#table.chunkOf(row);
    const known = this.#table.flagsOf(row);
    chunk.score[row % CHUNK] = seen.score;
    this.#judgeOrder(id, row);
    // A verdict that comes before the receipt is not late.
    const tookMs = arrivedAt - (chunk.acknowledgedAt[row % CHUNK] as number);
    const isLate = tookMs > this.#settings.lateAfterMs;
    const ending = error !== undefined ? 'unscored' : isLate ? 'late' : 'matched';
    const kind = error === undefined ? flag.scored : flag.unscored;
    const range = seen.isOutOfRange ? flag.outOfRange : 0;
    const alarm = seen.isFraudPredicted ? flag.alarm : 0;
    this.#table.set(row, kind | range | alarm | (isLate ? flag.late : 0));
    this.#move(row, transactionEnd(known), ending);
    if (ending !== 'matched') this.#tally.name(ending, id);
    this.#emitter.emit(row, seen, (known & (flag.acknowledged | flag.over)) !== 0);
  }

  #judgedAgain(seen: SeenVerdict, row: number): void {
    const { id, score, error, isFraudPredicted, isOutOfRange = false } = seen;
    const { counts } = this.#tally;
    const known = this.#table.flagsOf(row);
    const isSameKind = (error === undefined) === ((known & flag.scored) !== 0);
    const first = this.#table.chunkOf(row).score[row % CHUNK];
    const isSameDecision = (isFraudPredicted ?? false) === ((known & flag.alarm) !== 0);
    const isSame =
      isSameKind && (error !== undefined || (Object.is(score, first) && isSameDecision));
    // What a KCL reader drops is rightly put again: that reader sees it once.
    const isRepeated = isOutOfRange || (known & flag.outOfRange) !== 0;
    if (!isOutOfRange) this.#table.clear(row, flag.outOfRange);
    if (isSame && isRepeated) return;
    counts[isSame ? 'identical' : 'contradicting'] += 1;
    this.#tally.name(isSame ? 'duplicate' : 'contradicting', id);
    if (known & flag.again) counts.oursTwice += 1;
  }

  #judgeOrder(id: string, row: number): void {
    if (!this.#settings.isOrdered) return;
    const { card, cardIndex: place } = this.#table.chunkOf(row);
    const at = row % CHUNK;
    const isPassed = this.#cards.hasBeenPassed(card[at] as number, place[at] as number);
    // What was put again may stand in the stream out of its place: that is ours, not the pipeline's.
    if (!isPassed || this.#table.flagsOf(row) & flag.again) return;
    this.#table.set(row, flag.outOfOrder);
    this.#tally.counts.outOfOrder += 1;
    this.#tally.name('out_of_order', id);
  }

  #giveUp(row: number): void {
    const known = this.#table.flagsOf(row);
    this.#table.set(row, flag.over);
    if (known & JUDGED) this.#emitter.emitWaiting(row);
    if (known & (JUDGED | flag.over)) return;
    const over = transactionEnd(known | flag.over);
    const ending = over === 'missing' && this.#settings.isAlertsOnly ? 'silent' : over;
    if (ending !== 'undelivered') {
      this.#unjudged(this.#emitter.unjudged(row, ending === 'silent'));
    }
    if (!(known & flag.rejected)) this.#move(row, transactionEnd(known), ending);
    // Of those rejected too: names may have been given back by others that got a verdict after all.
    if (!isTrouble(ending) || !this.#tally.hasSpaceFor(ending)) return;
    this.#tally.name(ending, this.#table.idOf(row));
  }
}
