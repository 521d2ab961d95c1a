/** The most suspicious cards of a day that are looked at, unless told otherwise. */
const CARDS_A_DAY = 100;
/** Cards kept of each day: those found on earlier days are passed over, which nine days leave room for. */
const KEPT = 10 * CARDS_A_DAY;
const DAY_MS = 86_400_000;

/** A card on one day: its highest score. */
export interface ScoredCard {
  readonly cardId: string;
  readonly score: number;
}

/** The most suspicious cards of a UTC day since 1970, and all cards that were defrauded in it. */
export interface CardDay {
  readonly day: number;
  readonly top: readonly ScoredCard[];
  readonly defrauded: readonly string[];
}

/** `precision` is NaN without a day; `days` are what it is made of, and merge. */
export interface CardPrecisionSummary {
  readonly cardsADay: number;
  readonly precision: number;
  readonly days: readonly CardDay[];
}

interface Day {
  best: Map<string, number>;
  readonly defrauded: Set<string>;
}

/**
 * Card precision@k: of the k most suspicious cards of a day, the share that is defrauded that day;
 * the mean over days.
 *
 * A card that was found is blocked, and is left out on later days. Equal scores are in the order of
 * card ids. Memory: 2,000 cards and all defrauded ones for each day.
 * Source: Fraud Detection Handbook, "Card Precision top-k".
 */
export class CardPrecision {
  readonly #days = new Map<number, Day>();

  add(cardId: string, eventAt: number, score: number, isFraud: boolean): void {
    const day = this.#day(Math.floor(eventAt / DAY_MS));
    if (isFraud) day.defrauded.add(cardId);
    raise(day, cardId, score);
  }

  addDays(days: readonly CardDay[]): void {
    for (const { day: number, top, defrauded } of days) {
      const day = this.#day(number);
      for (const cardId of defrauded) day.defrauded.add(cardId);
      for (const { cardId, score } of top) raise(day, cardId, score);
    }
  }

  summary(): CardPrecisionSummary {
    const days = [...this.#days]
      .sort(([a], [b]) => a - b)
      .map(([day, { best, defrauded }]) => ({
        day,
        top: topOf(best),
        defrauded: [...defrauded].sort(),
      }));
    return { cardsADay: CARDS_A_DAY, precision: precisionOf(days), days };
  }

  #day(number: number): Day {
    const known = this.#days.get(number) ?? { best: new Map(), defrauded: new Set() };
    this.#days.set(number, known);
    return known;
  }
}

function raise(day: Day, cardId: string, score: number): void {
  const before = day.best.get(cardId);
  if (before === undefined || score > before) day.best.set(cardId, score);
  if (day.best.size < 2 * KEPT) return;
  day.best = new Map(topOf(day.best).map((card) => [card.cardId, card.score]));
}

function topOf(best: ReadonlyMap<string, number>): readonly ScoredCard[] {
  return [...best]
    .map(([cardId, score]) => ({ cardId, score }))
    .sort((a, b) => b.score - a.score || (a.cardId < b.cardId ? -1 : 1))
    .slice(0, KEPT);
}

function precisionOf(days: readonly CardDay[]): number {
  const found = new Set<string>();
  let sum = 0;
  for (const { top, defrauded } of days) {
    const guilty = new Set(defrauded);
    const looked = top.filter(({ cardId }) => !found.has(cardId)).slice(0, CARDS_A_DAY);
    const hits = looked.filter(({ cardId }) => guilty.has(cardId));
    for (const { cardId } of hits) found.add(cardId);
    sum += hits.length / CARDS_A_DAY;
  }
  return sum / days.length;
}
