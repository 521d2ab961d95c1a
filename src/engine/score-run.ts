import type { EngineVerdict } from '../contract/write-verdict.ts';
import type { ScoreForm } from '../scoring/request/request-body.ts';
import { score } from '../scoring/score.ts';
import type { Endpoint } from '../scoring/score-client.ts';
import type { ScoreSettings } from '../scoring/score-settings.ts';
import { type VerdictRule, verdictOf } from '../scoring/verdicts.ts';
import type { Clock } from '../stream/clock.ts';
import { instantMs } from '../transactions/instant.ts';
import type { Candidate, ScoringOutcome } from '../transactions/scoring-outcome.ts';
import type { Due } from '../transactions/user-record.ts';
import { rejectionOf, verdictLine } from '../transactions/verdict.ts';
import type { GroundTruth } from './ground-truth.ts';
import {
  type FigureSettings,
  type ScorerBounds,
  type ScoringFigures,
  ScoringFold,
} from './scoring-figures.ts';
import type { ScoreSinks } from './sinks.ts';

/** How transactions are scored, judged and measured. */
export interface ScoreRunSettings {
  readonly scoring: ScoreSettings;
  /** How requests are written and answers read. */
  readonly form: ScoreForm;
  readonly verdict: VerdictRule;
  readonly costs: FigureSettings['costs'];
  readonly warmUpMs: number;
}

/** What a run needs from its caller. */
export interface ScoreRunDependencies {
  readonly clock: Clock;
  /** From 0 to 1, for the jitter of retries. */
  readonly random: () => number;
  readonly truth: GroundTruth;
  /** Ended by the run. */
  readonly sinks: ScoreSinks;
  /** Called once, before the first transaction: figures that may be read while the run goes on. */
  readonly onStart?: (fold: ScoringFold) => void;
  /** Called with each group of outcomes before it is written. */
  readonly onOutcomes?: (outcomes: readonly ScoringOutcome[]) => void;
  /** The id under which the lines of an outcome are acknowledged; that of the transaction without it. */
  readonly idOf?: (outcome: ScoringOutcome) => string;
}

/**
 * What a run came to.
 *
 * `failure` is there when an error ended it: the figures are those up to then. `undelivered` counts
 * lines that a sink did not accept. Units: `startedAt` epoch milliseconds.
 */
export interface ScoreRunResult {
  readonly startedAt: number;
  readonly figures: ScoringFigures;
  readonly undelivered: number;
  readonly failure: { readonly error: unknown } | undefined;
}

/**
 * Scores every transaction, writes a verdict for each to the sinks, a rejection as well for each
 * that got no score, and measures the run.
 *
 * The source is pulled while there is capacity; a sink that does not accept more stops the pulling.
 * Errors: none are thrown. Those of the source, of `score` and of the sinks come as `failure`, since
 * the figures before them are valid.
 */
export async function scoreRun(
  candidates: AsyncIterable<readonly Due<Candidate>[]>,
  endpoint: Endpoint,
  settings: ScoreRunSettings,
  dependencies: ScoreRunDependencies,
): Promise<ScoreRunResult> {
  const { clock, random, truth, sinks } = dependencies;
  const { scoring, form, verdict, costs, warmUpMs } = settings;
  const { threshold } = verdict;
  const startedAt = clock.now();
  const fold = new ScoringFold(startedAt, { threshold, costs, warmUpMs, isPaced: scoring.isPaced });
  dependencies.onStart?.(fold);
  let bounds: ScorerBounds | undefined;
  let failure: ScoreRunResult['failure'];
  try {
    const observed = { clock, random, observe: fold.addRequest };
    const outcomes = score(candidates, endpoint, form, observed, scoring, (scorer) => {
      bounds = scorer;
    });
    for await (const group of outcomes) {
      fold.add(group, truth);
      dependencies.onOutcomes?.(group);
      await write(group, verdict, dependencies);
    }
  } catch (error) {
    failure = { error };
  }
  try {
    await sinks.end();
  } catch (error) {
    failure ??= { error };
  }
  const figures = fold.figures(clock.now(), bounds);
  return { startedAt, figures, undelivered: sinks.failed, failure };
}

async function write(
  group: readonly ScoringOutcome[],
  rule: VerdictRule,
  { sinks, idOf = ({ candidate }) => candidate.id }: ScoreRunDependencies,
): Promise<void> {
  const form = sinks.forms.verdict;
  await sinks.writeVerdicts(
    group.map((outcome) => ({
      id: idOf(outcome),
      key: outcome.candidate.cardId,
      line: form
        ? () => form(engineVerdict(outcome, rule))
        : () => verdictLine(verdictOf(outcome, rule)),
    })),
  );
  for (const outcome of group) {
    if (outcome.error !== undefined)
      await sinks.writeRejection(rejectionOf(outcome), idOf(outcome));
  }
}

function engineVerdict(outcome: ScoringOutcome, rule: VerdictRule): EngineVerdict {
  const { candidate, score, error, settledAt } = outcome;
  return {
    transactionId: candidate.id,
    cardId: candidate.cardId,
    eventAt: instantMs(candidate.eventTime),
    scoredAt: Math.floor(settledAt),
    score,
    isFraud: score >= rule.threshold,
    error,
    modelVersion: rule.modelVersion ?? outcome.modelVersion,
    features: candidate.features,
  };
}
