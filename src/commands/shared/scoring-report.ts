import type { Values } from '../../cli/settings/define-setting.ts';
import type { ScoreRunResult } from '../../engine/score-run.ts';
import type { ScoringFold } from '../../engine/scoring-figures.ts';
import { type ExitCode, exitCodes, strongest } from '../../exit-codes.ts';
import { qualityText, scoringText } from '../../report/text/scoring-text.ts';
import type { ScoreClient } from '../../scoring/score-client.ts';
import type { AbortOnThreshold } from './abort-on-threshold.ts';
import type { outputSettings } from './flags/common-flags.ts';
import type { targetSettings } from './flags/target-flags.ts';
import { scoreProgress } from './progress.ts';
import type { ThresholdValues } from './thresholds.ts';
import { brokenBy, writeReport } from './write-report.ts';

/** The flags that say how a scoring is reported. */
export type ReportFlags = Values<typeof outputSettings> &
  ThresholdValues &
  Pick<Values<typeof targetSettings>, 'transport'>;

/** What a report says of where transactions came from. */
export interface ScoreSource {
  readonly title: readonly string[];
  readonly figures: object;
}

/**
 * Runs a scoring with its progress on stderr, watched by `--abort-on-fail`; `total` is how many
 * transactions there will be at most, where that is known.
 */
export async function watched<Result>(
  run: (onStart: (fold: ScoringFold) => void) => Promise<Result>,
  total: number | undefined,
  values: Pick<ReportFlags, 'progress'>,
  guard: AbortOnThreshold,
): Promise<Result> {
  const { runtime } = guard;
  let progress: { stop(): void } | undefined;
  try {
    return await run((fold) => {
      progress = scoreProgress(fold.scoring, total, values, runtime);
      guard.watch(() => fold.figures(runtime.clock.now()));
    });
  } finally {
    progress?.stop();
    guard.end();
  }
}

/**
 * Writes the report of a scoring that is over. Errors: what ended the scoring, after the report.
 *
 * The exit code is that of what got no score or did not arrive, and of `--fail-if`.
 */
export async function reportScoring(
  { startedAt, figures, undelivered, failure }: ScoreRunResult,
  { place }: Pick<ScoreClient, 'place'>,
  source: ScoreSource,
  values: ReportFlags,
  { runtime }: AbortOnThreshold,
): Promise<ExitCode> {
  const { scoring, quality, qualityOfScored } = figures;
  let code: ExitCode = exitCodes.ok;
  if (!failure || scoring.transactions > 0) {
    const document = {
      startedAt: new Date(startedAt).toISOString(),
      ...(failure && { endedBy: brokenBy(failure.error) }),
      endpoint: { location: place, transport: values.transport },
      ...source.figures,
      ...figures,
      ...(undelivered > 0 && { undeliveredVerdicts: undelivered }),
    };
    const judged = quality && qualityOfScored ? ['', ...qualityText(quality, qualityOfScored)] : [];
    const text = [...source.title, ...scoringText(scoring), ...judged];
    code = await writeReport('score', document, text, values, runtime);
  }
  if (failure) throw failure.error;
  const isComplete = scoring.failed + scoring.unscored + undelivered === 0;
  return strongest(isComplete ? exitCodes.ok : exitCodes.undelivered, code);
}
