/** A verdict whose score is not the offline model's. */
export interface Skewed {
  readonly transactionId: string;
  readonly score: number;
  readonly expected: number;
  readonly difference: number;
}

/**
 * Whether the scores of verdicts are those of the offline model.
 *
 * `skewed` differ by more than the tolerance, `flipped` of them lie on the other side of the threshold;
 * `worst` has the largest differences first.
 */
export interface ParitySummary {
  readonly compared: number;
  readonly skewed: number;
  readonly flipped: number;
  readonly skewedShare: number;
  readonly tolerance: number;
  readonly maxDifference: number;
  readonly meanDifference: number;
  readonly worst: readonly Skewed[];
}

/** Examples shown. */
const WORST = 10;

/** Folds scores and expected scores into the figures of their difference. */
export class Parity {
  readonly #tolerance: number;
  #compared = 0;
  #skewed = 0;
  #flipped = 0;
  #sum = 0;
  #worst: readonly Skewed[] = [];

  constructor(tolerance: number) {
    this.#tolerance = tolerance;
  }

  /** Where nobody knows what to expect, `expected` is NaN, and nothing is compared. */
  add(transactionId: string, score: number, expected: number, threshold: number): void {
    if (Number.isNaN(expected)) return;
    const difference = Math.abs(score - expected);
    this.#compared += 1;
    this.#sum += difference;
    if (difference <= this.#tolerance) return;
    this.#skewed += 1;
    if (score >= threshold !== expected >= threshold) this.#flipped += 1;
    const last = this.#worst.at(-1);
    if (this.#worst.length === WORST && last && last.difference >= difference) return;
    this.#worst = [...this.#worst, { transactionId, score, expected, difference }]
      .sort((a, b) => b.difference - a.difference)
      .slice(0, WORST);
  }

  /** Nothing where nothing could be compared. */
  summary(): ParitySummary | undefined {
    const compared = this.#compared;
    if (compared === 0) return undefined;
    return {
      compared,
      skewed: this.#skewed,
      flipped: this.#flipped,
      skewedShare: this.#skewed / compared,
      tolerance: this.#tolerance,
      maxDifference: this.#worst[0]?.difference ?? 0,
      meanDifference: this.#sum / compared,
      worst: this.#worst,
    };
  }
}
