import type { CorrelationCounts } from '../records/correlation-counts.ts';
import { errorKinds } from '../records/error-kind.ts';
import type { Match } from '../records/match.ts';
import { CardOrder } from './card-order.ts';
import { CHUNK } from './chunk.ts';
import { type Ending, endingOf } from './ending.ts';
import { flag, JUDGED } from './flag.ts';
import { matchOf } from './match-of.ts';
import { Names } from './names.ts';
import { SentTable } from './sent-table.ts';
import { TallyOfTroubles } from './tally-of-troubles.ts';
import type { Seen, Sent } from './told.ts';

/** When a verdict is late, and how long a transaction is remembered at all. */
export interface CorrelationSettings {
  readonly lateAfterMs: number;
  readonly forgetAfterMs: number;
  /** Transactions of a card stand in the stream as they were sent: then verdicts out of order are told. */
  readonly isOrdered: boolean;
}

/**
 * Matches verdicts with the transactions that were put, by id, in whichever order both are told.
 *
 * Keeps about 120 bytes for each transaction that is remembered, in typed arrays. `hear` is told of
 * each transaction's first verdict, once its put is acknowledged too or never will be.
 */
export class Correlation {
  readonly #settings: CorrelationSettings;
  readonly #hear: (match: Match) => void;
  readonly #table = new SentTable();
  readonly #cards = new CardOrder();
  readonly #scenarios = new Names();
  readonly #tally = new TallyOfTroubles();
  /** All rows before this one have been looked at for being overdue. */
  #timely = 0;

  constructor(settings: CorrelationSettings, hear: (match: Match) => void) {
    this.#settings = settings;
    this.#hear = hear;
  }

  /** Transactions that may still get a verdict. */
  get outstanding(): number {
    return this.#tally.counts.outstanding;
  }

  /** A transaction is on its way; must be told before its receipt and its verdict. */
  sent({ id, cardId, dueAt, isFraud, scenario, expected }: Sent): void {
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
    chunk.place[at] = this.#cards.next(card);
    chunk.scenario[at] = this.#scenarios.numberOf(scenario);
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
    }
    const bits = (isAgain ? flag.again : 0) | (isAccepted ? flag.acknowledged : flag.failed);
    this.#table.set(row, bits);
    if (isAccepted) {
      this.#table.chunkOf(row).acknowledgedAt[row % CHUNK] = at;
      this.#tally.counts.acknowledged += 1;
    }
    if (known & JUDGED) this.#tell(row, isAccepted);
    else this.#move(row, endingOf(known), endingOf(known | bits));
  }

  /** A verdict was read. */
  judged(seen: Seen): void {
    const row = this.#table.find(seen.id);
    if (row < 0) {
      this.#tally.counts.unknown += 1;
      this.#tally.name('unknown', seen.id);
    } else if (this.#table.flagsOf(row) & JUDGED) this.#judgedAgain(seen, row);
    else this.#judgedFirst(seen, row);
  }

  /** A dead letter was read. False for one about nothing that we sent. */
  rejected(id: string): boolean {
    const row = this.#table.find(id);
    if (row < 0) return false;
    const known = this.#table.flagsOf(row);
    this.#table.set(row, flag.rejected);
    if (known & (JUDGED | flag.rejected)) return true;
    this.#move(row, endingOf(known), 'rejected');
    this.#tally.name('rejected', id);
    return true;
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
    if (known & JUDGED || endingOf(known) !== 'outstanding') return;
    this.#table.set(row, flag.overdue);
    this.#tally.counts.overdue += 1;
  }

  #move(row: number, from: Ending, to: Ending): void {
    if (to !== 'outstanding' && this.#table.flagsOf(row) & flag.overdue) {
      this.#table.clear(row, flag.overdue);
      this.#tally.counts.overdue -= 1;
    }
    this.#tally.counts[from] -= 1;
    this.#tally.counts[to] += 1;
  }

  #judgedFirst({ id, score, recomputed, error, arrivedAt, readAt }: Seen, row: number): void {
    const chunk = this.#table.chunkOf(row);
    const at = row % CHUNK;
    const known = this.#table.flagsOf(row);
    chunk.arrivedAt[at] = arrivedAt;
    chunk.readAt[at] = readAt;
    chunk.score[at] = score;
    chunk.recomputed[at] = recomputed;
    chunk.error[at] = error === undefined ? 0 : 1 + errorKinds.indexOf(error);
    this.#judgeOrder(id, row);
    // A verdict that comes before the receipt is not late.
    const tookMs = arrivedAt - (chunk.acknowledgedAt[at] as number);
    const isLate = tookMs > this.#settings.lateAfterMs;
    const ending = error !== undefined ? 'unscored' : isLate ? 'late' : 'matched';
    const kind = error === undefined ? flag.scored : flag.unscored;
    this.#table.set(row, kind | (isLate ? flag.late : 0));
    this.#move(row, endingOf(known), ending);
    if (ending !== 'matched') this.#tally.name(ending, id);
    this.#tell(row, (known & (flag.acknowledged | flag.over)) !== 0);
  }

  #judgedAgain({ id, score, error }: Seen, row: number): void {
    const { counts } = this.#tally;
    const known = this.#table.flagsOf(row);
    const isSameKind = (error === undefined) === ((known & flag.scored) !== 0);
    const first = this.#table.chunkOf(row).score[row % CHUNK];
    const isSame = isSameKind && (error !== undefined || score === first);
    counts[isSame ? 'identical' : 'contradicting'] += 1;
    this.#tally.name(isSame ? 'duplicate' : 'contradicting', id);
    if (known & flag.again) counts.oursTwice += 1;
  }

  #judgeOrder(id: string, row: number): void {
    if (!this.#settings.isOrdered) return;
    const { card, place } = this.#table.chunkOf(row);
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
    if (known & JUDGED) this.#tell(row, true);
    if (known & (JUDGED | flag.rejected | flag.over)) return;
    const ending = endingOf(known | flag.over);
    this.#move(row, endingOf(known), ending);
    const trouble = ending === 'missing' ? 'missing' : 'undelivered';
    if (this.#tally.hasRoomFor(trouble)) this.#tally.name(trouble, this.#table.idOf(row));
  }

  /** Tells of the verdict of a row, once, as soon as all is known. */
  #tell(row: number, isAllKnown: boolean): void {
    const known = this.#table.flagsOf(row);
    if (!isAllKnown || known & flag.told) return;
    this.#table.set(row, flag.told);
    this.#hear(matchOf(this.#table, row, this.#scenarios));
  }
}
