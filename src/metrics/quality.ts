/** Distinct scores that are kept as they are. */
const MOST_DISTINCT = 20_000;
/** Beyond that scores are rounded down to this grid. */
const GRID = 10_000;

/**
 * How many genuine transactions and frauds have each score, in the order of scores.
 *
 * `resolution` is 0 where every score is kept as it is, else the step to which all are rounded down.
 */
export interface ScoreCounts {
  readonly resolution: number;
  readonly score: readonly number[];
  readonly genuine: readonly number[];
  readonly frauds: readonly number[];
}

interface ScoreCell {
  genuine: number;
  frauds: number;
}

/**
 * Counts by score, in bounded memory: exact up to 20,000 distinct scores, then on a grid of 0.0001.
 *
 * Which of the two it is depends on all scores alone, not on their order: tables merge.
 */
export class ScoreTable {
  #cells = new Map<number, ScoreCell>();
  #isExact = true;

  add(score: number, genuine: number, frauds: number): void {
    const key = this.#isExact ? score : rounded(score);
    const cell = this.#cells.get(key);
    if (cell) {
      cell.genuine += genuine;
      cell.frauds += frauds;
      return;
    }
    this.#cells.set(key, { genuine, frauds });
    if (this.#isExact && this.#cells.size > MOST_DISTINCT) this.#round();
  }

  addCounts({ resolution, score, genuine, frauds }: ScoreCounts): void {
    if (resolution > 0 && this.#isExact) this.#round();
    for (const [index, value] of score.entries()) {
      this.add(value, genuine[index] ?? 0, frauds[index] ?? 0);
    }
  }

  counts(): ScoreCounts {
    const rows = [...this.#cells].sort(([a], [b]) => a - b);
    return {
      resolution: this.#isExact ? 0 : 1 / GRID,
      score: rows.map(([score]) => score),
      genuine: rows.map(([, cell]) => cell.genuine),
      frauds: rows.map(([, cell]) => cell.frauds),
    };
  }

  #round(): void {
    const exact = this.#cells;
    this.#cells = new Map();
    this.#isExact = false;
    for (const [score, { genuine, frauds }] of exact) this.add(score, genuine, frauds);
  }
}

/** Down, so that a threshold on the grid has the same scores on either side. */
function rounded(score: number): number {
  return Math.floor(score * GRID) / GRID;
}

/** The most suspicious cards of a day that are looked at, by default. */
const CARDS_A_DAY = 100;
/** Cards kept of each day: those found on earlier days are passed over, which is enough for nine days. */
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

/** What a missed fraud and a false alarm cost, in whatever unit the user thinks. */
export interface Costs {
  readonly missedFraud: number;
  readonly falseAlarm: number;
}

/**
 * How well scores rank frauds above the rest, at no threshold or at the best one.
 *
 * `recallAt1` is the recall that a threshold with at most 1 % false positives allows. `bestThreshold`
 * is the one of the lowest cost, the higher of equal ones; NaN where it costs least to raise no alarm.
 */
export interface Ranking {
  readonly averagePrecision: number;
  readonly rocAuc: number;
  readonly recallAt1: number;
  readonly bestThreshold: number;
  readonly bestCost: number;
}

/** How many got no score, by their truth. */
export interface UnscoredCounts {
  readonly frauds: number;
  readonly genuine: number;
}

const none: UnscoredCounts = { frauds: 0, genuine: 0 };

/** Share of genuine transactions that may raise an alarm for `recallAt1`. */
const FALSE_POSITIVES_ALLOWED = 0.01;

/**
 * Computes the ranking from the highest score down; equal scores are one step.
 *
 *     averagePrecision = sum over steps of (recall gained) * (precision there)
 *     rocAuc = (pairs in which the fraud scores higher + half of those in which both score the same) / all pairs
 *     cost = frauds below * missedFraud + genuine from there on * falseAlarm
 *
 * What got no score ranks below all that did, and no threshold finds it.
 */
export function rankingOf(
  counts: ScoreCounts,
  { missedFraud, falseAlarm }: Costs,
  unscored: UnscoredCounts = none,
): Ranking {
  const frauds = total(counts.frauds) + unscored.frauds;
  const genuine = total(counts.genuine) + unscored.genuine;
  let [found, alarmed, averagePrecision, pairs, recallAt1] = [0, 0, 0, 0, 0];
  let [bestThreshold, bestCost] = [Number.NaN, frauds * missedFraud];
  for (let index = counts.score.length - 1; index >= 0; index -= 1) {
    const hits = counts.frauds[index] as number;
    const alarms = counts.genuine[index] as number;
    pairs += hits * (genuine - alarmed - alarms / 2);
    found += hits;
    alarmed += alarms;
    averagePrecision += (hits / frauds) * (found / (found + alarmed));
    if (alarmed <= FALSE_POSITIVES_ALLOWED * genuine) recallAt1 = found / frauds;
    const cost = (frauds - found) * missedFraud + alarmed * falseAlarm;
    if (cost < bestCost) [bestThreshold, bestCost] = [counts.score[index] as number, cost];
  }
  pairs += (unscored.frauds * unscored.genuine) / 2;
  averagePrecision += (unscored.frauds / frauds) * (frauds / (frauds + genuine));
  const hasBoth = frauds > 0 && genuine > 0;
  return {
    averagePrecision: frauds > 0 ? averagePrecision : Number.NaN,
    rocAuc: hasBoth ? pairs / (frauds * genuine) : Number.NaN,
    recallAt1: hasBoth ? recallAt1 : Number.NaN,
    bestThreshold,
    bestCost,
  };
}

const noRanking: Ranking = {
  averagePrecision: Number.NaN,
  rocAuc: Number.NaN,
  recallAt1: Number.NaN,
  bestThreshold: Number.NaN,
  bestCost: Number.NaN,
};

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** A confusion matrix at one threshold. */
export interface Confusion {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
}

/**
 * Quality of scores against the truth.
 *
 * A transaction without a score raises no alarm: of those labelled, `missedUnscored` are frauds that
 * got none and count as missed, `unscoredGenuine` count as let through. Precision,
 * recall, f1 and cost hold at the threshold; the ranking needs none. Where a figure has no meaning
 * (no fraud, nothing predicted) it is NaN. `scores` are all scores, counted, and `cards` the most
 * suspicious cards of each day, absent where cards are unknown: the figures can be computed from them again.
 * Source: scikit-learn's `average_precision_score`, `roc_auc_score` and `roc_curve`, with the same
 * treatment of equal scores.
 */
export interface QualitySummary extends Confusion, Ranking {
  /** By what a transaction counted as a predicted fraud: a score that reaches the threshold, or the pipeline's own decision. */
  readonly judgedBy?: 'decisions';
  readonly labelled: number;
  readonly frauds: number;
  readonly missedUnscored: number;
  readonly unscoredGenuine: number;
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly falsePositiveRate: number;
  readonly cost: number;
  readonly costs: Costs;
  readonly scores: ScoreCounts;
  /** Transactions that were decided without a score, by their truth. */
  readonly decidedAlone?: UnscoredCounts;
  readonly cards?: CardPrecisionSummary;
}

/** Quality of scored transactions alone: of the scores, not of the pipeline. */
export type QualityOfScored = Omit<
  QualitySummary,
  'missedUnscored' | 'unscoredGenuine' | 'costs' | 'scores' | 'cards' | 'judgedBy' | 'decidedAlone'
>;

/** The part of a summary from which all of it can be made again. */
export type QualityParts = Pick<
  QualitySummary,
  | 'truePositives'
  | 'falsePositives'
  | 'missedUnscored'
  | 'unscoredGenuine'
  | 'scores'
  | 'cards'
  | 'judgedBy'
  | 'decidedAlone'
>;

/** A card and the instant of its transaction, in epoch milliseconds. */
export interface CardUse {
  readonly cardId: string;
  readonly eventAt: number;
}

/** Folds scores with their truth into figures of quality, in bounded memory. */
export class Quality {
  readonly #threshold: number;
  readonly #costs: Costs;
  readonly #scores = new ScoreTable();
  #cards: CardPrecision | undefined;
  #genuine = 0;
  #frauds = 0;
  #truePositives = 0;
  #falsePositives = 0;
  #unscored = { frauds: 0, genuine: 0 };
  /** With a decision and no score. */
  #decidedAlone = { frauds: 0, genuine: 0 };
  #hasDecisions = false;

  constructor(threshold: number, costs: Costs) {
    this.#threshold = threshold;
    this.#costs = costs;
  }

  /** Transactions whose truth is known, with a score or without. */
  get labelled(): number {
    return this.#frauds + this.#genuine + this.#unscored.frauds + this.#unscored.genuine;
  }

  add(score: number, isFraud: boolean, use?: CardUse): void {
    this.#addAlarm(score >= this.#threshold, isFraud);
    this.#addScore(score, isFraud, use);
  }

  /** A transaction that the pipeline itself has decided; `score` is NaN without one. */
  addDecided(isAlarm: boolean, score: number, isFraud: boolean, use?: CardUse): void {
    this.#hasDecisions = true;
    this.#addAlarm(isAlarm, isFraud);
    if (Number.isNaN(score)) this.#decidedAlone[isFraud ? 'frauds' : 'genuine'] += 1;
    else this.#addScore(score, isFraud, use);
  }

  #addAlarm(isAlarm: boolean, isFraud: boolean): void {
    if (isFraud) this.#frauds += 1;
    else this.#genuine += 1;
    if (isAlarm && isFraud) this.#truePositives += 1;
    else if (isAlarm) this.#falsePositives += 1;
  }

  #addScore(score: number, isFraud: boolean, use: CardUse | undefined): void {
    this.#scores.add(score, isFraud ? 0 : 1, isFraud ? 1 : 0);
    if (!use) return;
    this.#cards ??= new CardPrecision();
    this.#cards.add(use.cardId, use.eventAt, score, isFraud);
  }

  addUnscored(isFraud: boolean): void {
    this.#unscored[isFraud ? 'frauds' : 'genuine'] += 1;
  }

  /** All that went into another fold with the same threshold. */
  addParts(parts: QualityParts): void {
    const { frauds, genuine } = parts.scores;
    for (const count of frauds) this.#frauds += count;
    for (const count of genuine) this.#genuine += count;
    const { frauds: decidedFrauds, genuine: decidedGenuine } = parts.decidedAlone ?? none;
    this.#frauds += decidedFrauds;
    this.#genuine += decidedGenuine;
    this.#decidedAlone.frauds += decidedFrauds;
    this.#decidedAlone.genuine += decidedGenuine;
    this.#hasDecisions ||= parts.judgedBy === 'decisions';
    this.#truePositives += parts.truePositives;
    this.#falsePositives += parts.falsePositives;
    this.#unscored.frauds += parts.missedUnscored;
    this.#unscored.genuine += parts.unscoredGenuine;
    this.#scores.addCounts(parts.scores);
    if (!parts.cards) return;
    this.#cards ??= new CardPrecision();
    this.#cards.addDays(parts.cards.days);
  }

  summary(): QualitySummary {
    const { frauds: missedUnscored, genuine: unscoredGenuine } = this.#unscored;
    const scores = this.#scores.counts();
    return {
      ...this.#figures(scores, this.#unscored),
      ...(this.#hasDecisions && { judgedBy: 'decisions', decidedAlone: { ...this.#decidedAlone } }),
      missedUnscored,
      unscoredGenuine,
      costs: this.#costs,
      scores,
      ...(this.#cards && { cards: this.#cards.summary() }),
    };
  }

  summaryOfScored(): QualityOfScored {
    return this.#figures(this.#scores.counts(), { frauds: 0, genuine: 0 });
  }

  /** Some were decided without a score, and where they rank is not known. */
  get #isUnranked(): boolean {
    return this.#decidedAlone.frauds + this.#decidedAlone.genuine > 0;
  }

  #figures(scores: ScoreCounts, unscored: UnscoredCounts): QualityOfScored {
    const truePositives = this.#truePositives;
    const falsePositives = this.#falsePositives;
    const frauds = this.#frauds + unscored.frauds;
    const genuine = this.#genuine + unscored.genuine;
    const falseNegatives = frauds - truePositives;
    const { missedFraud, falseAlarm } = this.#costs;
    return {
      labelled: frauds + genuine,
      frauds,
      threshold: this.#hasDecisions ? Number.NaN : this.#threshold,
      truePositives,
      falsePositives,
      falseNegatives,
      trueNegatives: genuine - falsePositives,
      precision: truePositives / (truePositives + falsePositives),
      recall: truePositives / frauds,
      f1: (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives),
      falsePositiveRate: falsePositives / genuine,
      ...(this.#isUnranked ? noRanking : rankingOf(scores, this.#costs, unscored)),
      cost: falseNegatives * missedFraud + falsePositives * falseAlarm,
    };
  }
}
