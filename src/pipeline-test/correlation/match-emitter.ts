import type { Match, Unjudged } from '../../metrics/match.ts';
import {
  CHUNK,
  flag,
  type SeenVerdict,
  type SentTable,
  type SentTransaction,
} from './sent-table.ts';

/** Few names by small numbers; 0 stands for none. */
export class RememberedIds {
  readonly #numbers = new Map<string, number>();
  readonly #names: (string | undefined)[] = [undefined];

  /** At most 255 names; all others are none. */
  numberOf(name: string | undefined): number {
    if (name === undefined) return 0;
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#names.length;
    if (number > 255) return 0;
    this.#names.push(name);
    this.#numbers.set(name, number);
    return number;
  }

  nameOf(number: number): string | undefined {
    return this.#names[number];
  }
}

/** Puts verdicts and transactions together, and emits them. */
export class MatchEmitter {
  readonly #table: SentTable;
  readonly #onMatch: (match: Match) => void;
  readonly #scenarios = new RememberedIds();
  readonly #countries = new RememberedIds();
  /** Verdicts that came before the receipts of their transactions, by row. */
  readonly #early = new Map<number, SeenVerdict>();

  constructor(table: SentTable, onMatch: (match: Match) => void) {
    this.#table = table;
    this.#onMatch = onMatch;
  }

  /** Notes what is known of a transaction on this side. */
  note(row: number, { scenario, country }: Pick<SentTransaction, 'scenario' | 'country'>): void {
    const chunk = this.#table.chunkOf(row);
    chunk.scenario[row % CHUNK] = this.#scenarios.numberOf(scenario);
    chunk.country[row % CHUNK] = this.#countries.numberOf(country);
  }

  /** Emits a verdict: now, or where its receipt is still to come, with `emitWaiting`. */
  emit(row: number, seen: SeenVerdict, isAllKnown: boolean): void {
    if (isAllKnown) this.#onMatch(this.#match(row, seen));
    else this.#early.set(row, seen);
  }

  /** Nothing more will be known of a row: emits its verdict, if that has not been done. */
  emitWaiting(row: number): void {
    const seen = this.#early.get(row);
    if (!seen) return;
    this.#early.delete(row);
    this.#onMatch(this.#match(row, seen));
  }

  /** What is known of a transaction without its verdict. */
  unjudged(row: number, isSilent: boolean): Unjudged {
    const { scenario, country } = this.#table.chunkOf(row);
    return {
      isSilent,
      isFraud: fraudIn(this.#table.flagsOf(row)),
      scenario: this.#scenarios.nameOf(scenario[row % CHUNK] as number),
      country: this.#countries.nameOf(country[row % CHUNK] as number),
    };
  }

  #match(row: number, seen: SeenVerdict): Match {
    const { dueAt, acknowledgedAt, expected, scenario, country } = this.#table.chunkOf(row);
    const known = this.#table.flagsOf(row);
    const at = row % CHUNK;
    return {
      // Field by field: this is done for every transaction, and a spread takes ten times as long.
      id: seen.id,
      cardId: seen.cardId,
      eventAt: seen.eventAt,
      arrivedAt: seen.arrivedAt,
      readAt: seen.readAt,
      score: seen.score,
      isFraudPredicted: seen.isFraudPredicted,
      error: seen.error,
      recomputed: seen.recomputed,
      dueAt: dueAt[at] as number,
      acknowledgedAt: acknowledgedAt[at] as number,
      expected: expected[at] as number,
      isFraud: fraudIn(known),
      isLate: (known & flag.late) !== 0,
      scenario: this.#scenarios.nameOf(scenario[at] as number),
      country: this.#countries.nameOf(country[at] as number),
    };
  }
}

function fraudIn(known: number): boolean | undefined {
  return known & flag.truthKnown ? (known & flag.fraud) !== 0 : undefined;
}
