import type { ScoringOutcome } from '../transactions/scoring-outcome.ts';
import type { Verdict } from '../transactions/verdict.ts';

/** The threshold from which a score means fraud, and what is said of the model. */
export interface VerdictRule {
  readonly threshold: number;
  readonly modelVersion: string | undefined;
  readonly withFeatures: boolean;
}

/** The verdict on an outcome: its score against the threshold, or its error. */
export function verdictOf(outcome: ScoringOutcome, judge: VerdictRule): Verdict {
  const { candidate, score, error, attempts, settledAt } = outcome;
  const { threshold } = judge;
  const isScored = error === undefined;
  const features = judge.withFeatures ? candidate.features : undefined;
  return {
    transaction_id: candidate.id,
    card_id: candidate.cardId,
    event_time: candidate.eventTime,
    scored_at: new Date(settledAt).toISOString(),
    score: isScored ? score : null,
    is_fraud_predicted: isScored ? score >= threshold : null,
    threshold,
    model_version: judge.modelVersion ?? outcome.modelVersion ?? null,
    ...(features && {
      features: Array.from(features, (value) => (Number.isNaN(value) ? null : value)),
    }),
    ...(isScored ? {} : { error }),
    attempts,
  };
}
