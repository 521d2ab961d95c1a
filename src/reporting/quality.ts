import { GrowingFloats } from './growing-floats.ts';

/** What a missed fraud and a false alarm cost, in whatever unit the user thinks. */
export interface Costs {
  readonly missedFraud: number;
  readonly falseAlarm: number;
}

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
 * `missedUnscored` are frauds that got no score: they are no part of the other figures. Precision,
 * recall, f1 and cost hold at the threshold; average precision and ROC AUC need none. Where a
 * figure has no meaning (no fraud, nothing predicted) it is NaN. `recallAt1` is the recall that a
 * threshold with at most 1 % false positives allows. Source: scikit-learn's `average_precision_score`,
 * `roc_auc_score` and `roc_curve`, with the same treatment of equal scores.
 */
export interface QualitySummary extends Confusion {
  readonly labelled: number;
  readonly frauds: number;
  readonly missedUnscored: number;
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly falsePositiveRate: number;
  readonly averagePrecision: number;
  readonly rocAuc: number;
  readonly recallAt1: number;
  readonly cost: number;
}

/** Folds scores with their truth into figures of quality; keeps 8 bytes a score. */
export class Quality {
  readonly #threshold: number;
  readonly #costs: Costs;
  readonly #frauds = new GrowingFloats();
  readonly #genuine = new GrowingFloats();
  #missedUnscored = 0;

  constructor(threshold: number, costs: Costs) {
    this.#threshold = threshold;
    this.#costs = costs;
  }

  get labelled(): number {
    return this.#frauds.length + this.#genuine.length;
  }

  add(score: number, isFraud: boolean): void {
    (isFraud ? this.#frauds : this.#genuine).add(score);
  }

  addUnscored(isFraud: boolean): void {
    if (isFraud) this.#missedUnscored += 1;
  }

  summary(): QualitySummary {
    const frauds = this.#frauds.sorted();
    const genuine = this.#genuine.sorted();
    const confusion = confusionOf(frauds, genuine, this.#threshold);
    const { truePositives, falsePositives, falseNegatives } = confusion;
    const precision = truePositives / (truePositives + falsePositives);
    const recall = truePositives / frauds.length;
    const { missedFraud, falseAlarm } = this.#costs;
    return {
      labelled: this.labelled,
      frauds: frauds.length,
      missedUnscored: this.#missedUnscored,
      threshold: this.#threshold,
      ...confusion,
      precision,
      recall,
      f1: (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives),
      falsePositiveRate: falsePositives / genuine.length,
      ...curves(frauds, genuine),
      cost: falseNegatives * missedFraud + falsePositives * falseAlarm,
    };
  }
}

function confusionOf(frauds: Float64Array, genuine: Float64Array, threshold: number): Confusion {
  const truePositives = countFrom(frauds, threshold);
  const falsePositives = countFrom(genuine, threshold);
  return {
    truePositives,
    falsePositives,
    falseNegatives: frauds.length - truePositives,
    trueNegatives: genuine.length - falsePositives,
  };
}

/** How many of the sorted scores reach the threshold. */
function countFrom(sorted: Float64Array, threshold: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) >= threshold) high = middle;
    else low = middle + 1;
  }
  return sorted.length - low;
}

const FALSE_POSITIVES_ALLOWED = 0.01;

/**
 * The figures that look at every threshold, from the highest score down; equal scores are one step.
 *
 *     averagePrecision = sum over steps of (R - R before) * P
 *     rocAuc = (pairs in which the fraud scores higher + half of those in which both score the same) / all pairs
 */
function curves(
  frauds: Float64Array,
  genuine: Float64Array,
): Pick<QualitySummary, 'averagePrecision' | 'rocAuc' | 'recallAt1'> {
  let [fraudsLeft, genuineLeft] = [frauds.length, genuine.length];
  let [averagePrecision, pairs, recallAt1] = [0, 0, 0];
  while (fraudsLeft > 0 || genuineLeft > 0) {
    const score = Math.max(frauds[fraudsLeft - 1] ?? -1, genuine[genuineLeft - 1] ?? -1);
    const hits = run(frauds, fraudsLeft, score);
    const alarms = run(genuine, genuineLeft, score);
    fraudsLeft -= hits;
    genuineLeft -= alarms;
    const found = frauds.length - fraudsLeft;
    const alarmed = genuine.length - genuineLeft;
    averagePrecision += (hits / frauds.length) * (found / (found + alarmed));
    pairs += hits * (genuineLeft + alarms / 2);
    if (alarmed <= FALSE_POSITIVES_ALLOWED * genuine.length) recallAt1 = found / frauds.length;
  }
  const hasBoth = frauds.length > 0 && genuine.length > 0;
  return {
    averagePrecision: frauds.length > 0 ? averagePrecision : Number.NaN,
    rocAuc: hasBoth ? pairs / (frauds.length * genuine.length) : Number.NaN,
    recallAt1: hasBoth ? recallAt1 : Number.NaN,
  };
}

/** How many of the first `left` sorted scores, counted from their end, equal this one. */
function run(sorted: Float64Array, left: number, score: number): number {
  let count = 0;
  while (count < left && sorted[left - 1 - count] === score) count += 1;
  return count;
}
