import { manifest } from '../../features/manifest.ts';
import { type ScenarioSummary, Scenarios, Suspects } from '../../metrics/breakdowns.ts';
import { Quality, type QualityOfScored, type QualitySummary } from '../../metrics/quality.ts';
import type { Model } from '../../model/model.ts';
import { reasonsOf, type ScoreReason } from '../../model/score-reasons.ts';
import type { Suspect } from '../../report/document/report-document.ts';

import { rowOf } from '../../scoring/candidates.ts';
import type { Label } from '../../transactions/label.ts';
import type { Verdict } from '../../transactions/verdict.ts';

/** What a missed fraud and a false alarm cost, in US dollars, where nobody says. */
const COSTS = { missedFraud: 100, falseAlarm: 3 };
const NAMED = 10;
const REASONS = 3;

/** A reason whose value is a code gets the word for it. */
function inWords(
  reason: ScoreReason,
): Omit<ScoreReason, 'value'> & { readonly value: number | string } {
  const word = manifest.codes[reason.feature]?.[reason.value];
  return word === undefined ? reason : { ...reason, value: word };
}

/** How good the verdicts were, and which were the most suspicious. */
export interface VerdictSummaryFigures {
  readonly quality: QualitySummary;
  readonly qualityOfScored: QualityOfScored;
  readonly scenarios: readonly ScenarioSummary[];
  readonly suspects: readonly Suspect[];
}

/** Verdicts against the truth that was kept back, each transaction once. */
export class VerdictSummary {
  readonly #model: Model;
  readonly #quality: Quality;
  readonly #suspects = new Suspects(NAMED);
  readonly #scenarios = new Scenarios();
  /** The scenario of each fraud. */
  readonly #frauds = new Map<string, string>();
  readonly #seen = new Set<string>();

  constructor(model: Model) {
    this.#model = model;
    this.#quality = new Quality(model.threshold, COSTS);
  }

  /** Takes the label of a fraud before its verdict. */
  add({ transaction_id: id, fraud_scenario: scenario }: Label): void {
    this.#frauds.set(id, scenario ?? 'unknown');
  }

  readonly onVerdicts = (verdict: Verdict): void => {
    const { transaction_id: id, card_id: cardId, event_time: eventTime, score } = verdict;
    if (this.#seen.has(id)) return;
    this.#seen.add(id);
    const scenario = this.#frauds.get(id);
    const isFraud = scenario !== undefined;
    const isScored = typeof score === 'number';
    if (!isScored) this.#quality.addUnscored(isFraud);
    else this.#quality.add(score, isFraud, { cardId, eventAt: Date.parse(eventTime) });
    if (isFraud) this.#scenarios.add(scenario, isScored && score >= this.#model.threshold);
    this.#suspects.add(verdict);
  };

  /** A transaction that was put, and of which no verdict came. */
  unjudged(id: string): void {
    if (this.#seen.has(id)) return;
    const scenario = this.#frauds.get(id);
    this.#quality.addUnscored(scenario !== undefined);
    if (scenario !== undefined) this.#scenarios.add(scenario, false);
  }

  summary(): VerdictSummaryFigures {
    const suspects = this.#suspects.top().map((verdict) => this.#suspect(verdict));
    const scenarios = this.#scenarios.summary();
    const quality = this.#quality.summary();
    return { quality, qualityOfScored: this.#quality.summaryOfScored(), scenarios, suspects };
  }

  #suspect({ transaction_id: id, card_id: cardId, score, features }: Verdict): Suspect {
    const row = rowOf(features ?? []);
    const isWhole = row.length === this.#model.featureNames.length;
    return {
      transactionId: id,
      cardId,
      score: score ?? 0,
      isFraud: this.#frauds.has(id),
      reasons: isWhole ? reasonsOf(this.#model, row, REASONS).map(inWords) : [],
    };
  }
}
