import { Countries, type CountrySummary, type ScenarioSummary, Scenarios } from './breakdowns.ts';
import { Latency, type LatencySummary } from './latency.ts';
import type { Match, Unjudged } from './match.ts';
import { type Costs, Quality, type QualityOfScored, type QualitySummary } from './quality.ts';
import { type CodeCount, Tally } from './tally.ts';

/** A verdict whose score is not the offline model's. */
export interface SkewedFeature {
  readonly transactionId: string;
  readonly score: number;
  readonly expected: number;
  readonly difference: number;
}

/**
 * Parity of verdicts with the offline model.
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
  readonly worst: readonly SkewedFeature[];
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
  #worst: readonly SkewedFeature[] = [];

  constructor(tolerance: number) {
    this.#tolerance = tolerance;
  }

  /** Nothing is compared where `expected` is NaN. */
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

/** Settings of the end-to-end figures. */
export interface EndToEndSettings {
  readonly costs: Costs;
  /** That of the first verdict unless given. */
  readonly threshold: number | undefined;
  readonly parityTolerance: number;
}

/**
 * End-to-end latency, quality and parity of a pipeline, by first verdicts.
 *
 * `endToEnd` is from the acknowledged put to the arrival of the verdict in its stream, `fromDue` from
 * the instant the transaction was due, `reading` from that arrival until we read it: our own delay.
 * What was due in the warm-up is left out of latencies. `clockSkew` is how much earlier than its put a
 * verdict seemed to arrive, at most, NaN where none did: then the clocks of this machine and of the streams differ by that.
 */
export interface EndToEndSummary {
  readonly endToEnd: LatencySummary;
  readonly fromDue: LatencySummary;
  readonly reading: LatencySummary;
  readonly clockSkewMs: number;
  readonly unscoredByKind: readonly CodeCount[];
  readonly quality: QualitySummary | undefined;
  readonly qualityOfScored: QualityOfScored | undefined;
  readonly scenarios: readonly ScenarioSummary[];
  readonly countries: readonly CountrySummary[];
  readonly parity: EndToEndParity;
}

/**
 * Parity with the offline model: `model` by the features that the verdict brought along, `features`
 * by those computed here in the order of sending. The first differs where the model is another one, the
 * second also where the pipeline saw transactions in another order, or computes features otherwise.
 */
export interface EndToEndParity {
  readonly model: ParitySummary | undefined;
  readonly features: ParitySummary | undefined;
}

/** Default tolerance. */
const DEFAULT_THRESHOLD = 0.5;

/** Folds matches into end-to-end latency, quality and parity. */
export class EndToEnd {
  readonly #settings: EndToEndSettings;
  /** Of what was due after the warm-up. */
  readonly #measured = { endToEnd: new Latency(), fromDue: new Latency(), reading: new Latency() };
  readonly #unscored = new Tally();
  #quality: Quality | undefined;
  readonly #modelParity: Parity;
  readonly #featureParity: Parity;
  readonly #scenarios = new Scenarios();
  readonly #countries = new Countries();
  #skewMs = Number.NaN;
  #measuredFrom = Number.NEGATIVE_INFINITY;
  /** The score from which a transaction counts as fraud. */
  #threshold: number | undefined;

  constructor(settings: EndToEndSettings) {
    this.#settings = settings;
    this.#threshold = settings.threshold;
    this.#modelParity = new Parity(settings.parityTolerance);
    this.#featureParity = new Parity(settings.parityTolerance);
  }

  /** Latencies are of what was due from here on; epoch milliseconds. */
  measureFrom(at: number): void {
    this.#measuredFrom = at;
  }

  /** The threshold that a verdict was judged by: the first one counts where the settings have none. */
  noteThreshold(threshold: number): void {
    this.#threshold ??= threshold;
  }

  readonly add = (match: Match): void => {
    this.#judge(match);
    if (match.error !== undefined) {
      this.#unscored.add(match.error);
      return;
    }
    const { dueAt, acknowledgedAt, arrivedAt, readAt } = match;
    // A receipt may come later than the verdict; a due instant cannot.
    this.#skewMs = Math.max(this.#skewMs || 0, dueAt - arrivedAt, arrivedAt - readAt);
    if (dueAt < this.#measuredFrom) return;
    const latencies = this.#measured;
    latencies.fromDue.add(arrivedAt - dueAt);
    latencies.reading.add(readAt - arrivedAt);
    if (!Number.isNaN(acknowledgedAt)) latencies.endToEnd.add(arrivedAt - acknowledgedAt);
  };

  /** A transaction that the pipeline took, and that will get no verdict: a fraud is missed by that. */
  readonly addUnjudged = ({ isFraud, scenario, country, isSilent }: Unjudged): void => {
    if (isFraud === undefined) return;
    const quality = this.#qualityAt(this.#threshold ?? DEFAULT_THRESHOLD);
    if (isSilent) quality.addDecided(false, Number.NaN, isFraud);
    else quality.addUnscored(isFraud);
    if (isFraud && scenario !== undefined) this.#scenarios.add(scenario, false);
    if (country !== undefined) this.#countries.add(country, isFraud, false);
  };

  /** The figures so far; `isWhole` also those that look at every score. */
  summary(isWhole = true): EndToEndSummary {
    const { endToEnd, fromDue, reading } = this.#measured;
    return {
      endToEnd: endToEnd.summary(),
      fromDue: fromDue.summary(),
      reading: reading.summary(),
      clockSkewMs: this.#skewMs,
      unscoredByKind: this.#unscored.summary(),
      quality: isWhole ? this.#quality?.summary() : undefined,
      qualityOfScored: isWhole ? this.#quality?.summaryOfScored() : undefined,
      scenarios: this.#scenarios.summary(),
      countries: this.#countries.summary(),
      parity: {
        model: this.#modelParity.summary(),
        features: this.#featureParity.summary(),
      },
    };
  }

  #judge(match: Match): void {
    const { id, score, expected, recomputed, isFraud } = match;
    const threshold = this.#threshold ?? DEFAULT_THRESHOLD;
    if (match.error === undefined && !Number.isNaN(score)) {
      this.#modelParity.add(id, score, recomputed, threshold);
      this.#featureParity.add(id, score, expected, threshold);
    }
    if (isFraud !== undefined) this.#judgeTruth(match, isFraud, threshold);
  }

  #judgeTruth(match: Match, isFraud: boolean, threshold: number): void {
    const { cardId, eventAt, score, error, scenario, country, isFraudPredicted } = match;
    const isScored = error === undefined;
    const isFound = isScored && (isFraudPredicted ?? score >= threshold);
    const quality = this.#qualityAt(threshold);
    const isUse = cardId !== undefined && !Number.isNaN(eventAt);
    const use = isUse ? { cardId, eventAt } : undefined;
    if (isScored && isFraudPredicted !== undefined) {
      quality.addDecided(isFraudPredicted, score, isFraud, use);
    } else if (isScored) quality.add(score, isFraud, use);
    else quality.addUnscored(isFraud);
    if (isFraud && scenario !== undefined) this.#scenarios.add(scenario, isFound);
    if (country !== undefined) this.#countries.add(country, isFraud, isFound);
  }

  #qualityAt(threshold: number): Quality {
    this.#quality ??= new Quality(threshold, this.#settings.costs);
    return this.#quality;
  }
}
