import { CardPrecision, type CardPrecisionSummary } from './card-precision.ts';
import { type Costs, type Ranking, rankingOf, type UnscoredCounts } from './ranking.ts';
import { type ScoreCounts, ScoreTable } from './score-table.ts';

export type { Costs } from './ranking.ts';

/** A confusion matrix at one threshold. */
export interface Confusion {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
}

/**
 * How good scores are against the truth.
 *
 * A transaction without a score raises no alarm: of those labelled, `missedUnscored` are frauds that
 * got none and count as missed, `unscoredGenuine` count as let through. Precision,
 * recall, f1 and cost hold at the threshold; the ranking needs none. Where a figure has no meaning
 * (no fraud, nothing predicted) it is NaN. `scores` are all scores, counted, and `cards` the most
 * suspicious cards of each day, absent where no cards were told: the figures can be made of them again.
 * Source: scikit-learn's `average_precision_score`, `roc_auc_score` and `roc_curve`, with the same
 * treatment of equal scores.
 */
export interface QualitySummary extends Confusion, Ranking {
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
  readonly cards?: CardPrecisionSummary;
}

/** The same of what got a score alone: what the scores are worth, not the pipeline. */
export type QualityOfScored = Omit<
  QualitySummary,
  'missedUnscored' | 'unscoredGenuine' | 'costs' | 'scores' | 'cards'
>;

/** The part of a summary from which all of it can be made again. */
export type QualityParts = Pick<
  QualitySummary,
  'truePositives' | 'falsePositives' | 'missedUnscored' | 'unscoredGenuine' | 'scores' | 'cards'
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

  constructor(threshold: number, costs: Costs) {
    this.#threshold = threshold;
    this.#costs = costs;
  }

  /** Transactions whose truth is known, with a score or without. */
  get labelled(): number {
    return this.#frauds + this.#genuine + this.#unscored.frauds + this.#unscored.genuine;
  }

  add(score: number, isFraud: boolean, use?: CardUse): void {
    const isAlarm = score >= this.#threshold;
    if (isFraud) this.#frauds += 1;
    else this.#genuine += 1;
    if (isAlarm && isFraud) this.#truePositives += 1;
    else if (isAlarm) this.#falsePositives += 1;
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
      threshold: this.#threshold,
      truePositives,
      falsePositives,
      falseNegatives,
      trueNegatives: genuine - falsePositives,
      precision: truePositives / (truePositives + falsePositives),
      recall: truePositives / frauds,
      f1: (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives),
      falsePositiveRate: falsePositives / genuine,
      ...rankingOf(scores, this.#costs, unscored),
      cost: falseNegatives * missedFraud + falsePositives * falseAlarm,
    };
  }
}
