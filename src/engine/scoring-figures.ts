import { Latency, type LatencySummary } from '../metrics/latency.ts';
import {
  type Costs,
  Quality,
  type QualityOfScored,
  type QualitySummary,
} from '../metrics/quality.ts';
import { type BoundsSummary, Scoring, type ScoringSummary, unbounded } from '../metrics/scoring.ts';
import { TimeSeries, type TimeSeriesSummary } from '../metrics/time-series.ts';
import type { Scorer } from '../scoring/scorer.ts';
import type { ScoreTrace, ScoringOutcome } from '../transactions/scoring-outcome.ts';
import type { GroundTruth } from './ground-truth.ts';

/**
 * How a run is measured.
 *
 * `threshold`: the score from which a transaction counts as fraud. `warmUpMs`: so much of the
 * beginning is left out of latencies. `isPaced`: transactions are due by a schedule.
 */
export interface FigureSettings {
  readonly threshold: number;
  readonly costs: Costs;
  readonly warmUpMs: number;
  readonly isPaced: boolean;
}

/** How good the scores were, of all transactions and of those that were scored. */
export interface ScoreQuality {
  readonly quality: QualitySummary;
  readonly qualityOfScored: QualityOfScored;
}

/** What a run came to; without `quality` nothing was known to be a fraud or genuine. */
export interface ScoringFigures extends Partial<ScoreQuality> {
  readonly scoring: ScoringSummary;
  readonly series: TimeSeriesSummary;
  /** Of transactions of a stream: from arrival there until they were read. */
  readonly latency?: { readonly reading: LatencySummary };
}

/** The bounds of a scorer, which a report shows. */
export type ScorerBounds = Pick<Scorer, 'breaker' | 'heldBack'>;

/** Folds the outcomes and requests of one run into its figures, which may be read at any time. */
export class ScoringFold {
  /** Counts and latencies so far. */
  readonly scoring: Scoring;
  readonly #series = new TimeSeries('due to score');
  readonly #quality: Quality;
  readonly #reading = new Latency();
  #isOfStream = false;
  readonly #startedAt: number;

  /** `startedAt` is in epoch milliseconds. */
  constructor(startedAt: number, { threshold, costs, warmUpMs, isPaced }: FigureSettings) {
    this.#startedAt = startedAt;
    this.scoring = new Scoring(startedAt, warmUpMs, isPaced);
    this.#quality = new Quality(threshold, costs);
  }

  readonly addRequest = (trace: ScoreTrace): void => this.scoring.addRequest(trace);

  readonly addReading = (latencyMs: number): void => {
    this.#isOfStream = true;
    this.#reading.add(latencyMs);
  };

  add(outcomes: readonly ScoringOutcome[], truth: GroundTruth): void {
    this.scoring.add(outcomes);
    this.#series.addOutcomes(outcomes);
    for (const { candidate, score, error } of outcomes) {
      const isFraud = truth.isFraud(candidate);
      if (isFraud === undefined) continue;
      const { cardId, eventTime } = candidate;
      if (error === undefined)
        this.#quality.add(score, isFraud, { cardId, eventAt: Date.parse(eventTime) });
      else this.#quality.addUnscored(isFraud);
    }
  }

  /** The figures of the run until `now`. */
  figures(now: number, bounds?: ScorerBounds): ScoringFigures {
    const seconds = (now - this.#startedAt) / 1000;
    const scoring = this.scoring.summary(seconds, boundsOf(bounds, now));
    const series = this.#series.summary();
    return {
      ...{ scoring, series },
      ...(this.#isOfStream && this.latency()),
      ...(this.#quality.labelled > 0 && this.quality()),
    };
  }

  latency(): Required<Pick<ScoringFigures, 'latency'>> {
    return { latency: { reading: this.#reading.summary() } };
  }

  quality(): ScoreQuality {
    return { quality: this.#quality.summary(), qualityOfScored: this.#quality.summaryOfScored() };
  }
}

/** The figures of a run without transactions: the names that a threshold may use. */
export function emptyScoring(): ScoringFigures {
  const costs = { missedFraud: 0, falseAlarm: 0 };
  const fold = new ScoringFold(0, { threshold: 0.5, costs, warmUpMs: 0, isPaced: true });
  return { ...fold.figures(0), ...fold.latency(), ...fold.quality() };
}

function boundsOf(bounds: ScorerBounds | undefined, now: number): BoundsSummary {
  if (!bounds) return unbounded;
  const { breaker, heldBack } = bounds;
  const { limitMs, capacityMs } = heldBack;
  return {
    breaker: { opens: breaker.opens, openMs: breaker.openMs(now) },
    admissionWait: { limitMs, capacityMs },
  };
}
