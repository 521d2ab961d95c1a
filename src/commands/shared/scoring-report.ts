import type { Runtime } from '../../cli/runtime.ts';
import type { Values } from '../../cli/settings/define-setting.ts';
import type { ScoreRunResult } from '../../engine/score-run.ts';
import type { ScoringFold } from '../../engine/scoring-figures.ts';
import { type ExitCode, exitCodes, strongest } from '../../exit-codes.ts';
import { Pauses, type PausesSummary } from '../../metrics/pauses.ts';
import type { ProgressMoment } from '../../report/progress.ts';
import { pausesText } from '../../report/text/pauses-text.ts';
import { qualityText, scoringText } from '../../report/text/scoring-text.ts';
import type { ScoreClient } from '../../scoring/score-client.ts';
import type { AbortOnThreshold } from './abort-on-threshold.ts';
import type { outputSettings } from './flags/common-flags.ts';
import type { targetSettings } from './flags/target-flags.ts';
import type { Observers } from './observed.ts';
import { scoreMoment, shownProgress } from './progress.ts';
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
  values: Pick<ReportFlags, 'progress'> & { readonly warmUp: number },
  guard: AbortOnThreshold,
  observers: Observers,
): Promise<Result & { readonly pauses: PausesSummary }> {
  const { runtime } = guard;
  let progress: { stop(): void } | undefined;
  const pauses = watchPauses(values.warmUp, runtime);
  try {
    const result = await run((fold) => {
      const { clock } = runtime;
      const newMoment = (): ProgressMoment => scoreMoment(fold.scoring, clock);
      progress = shownProgress(newMoment(), total, values, runtime);
      guard.watch(() => fold.figures(clock.now()));
      observers.watch({ figures: () => fold.figures(clock.now()), newMoment, total });
    });
    return { ...result, pauses: pauses.end() };
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
  {
    startedAt,
    figures,
    undelivered,
    failure,
    pauses,
  }: ScoreRunResult & {
    readonly pauses: PausesSummary;
  },
  { place }: Pick<ScoreClient, 'place'>,
  source: ScoreSource,
  values: ReportFlags,
  { runtime }: AbortOnThreshold,
): Promise<ExitCode> {
  const { scoring, latency, quality, qualityOfScored } = figures;
  let code: ExitCode = exitCodes.ok;
  if (!failure || scoring.transactions > 0) {
    const document = {
      startedAt: new Date(startedAt).toISOString(),
      ...(failure && { endedBy: brokenBy(failure.error) }),
      endpoint: { location: place, transport: values.transport },
      ...source.figures,
      ...figures,
      pauses,
      ...(undelivered > 0 && { undeliveredVerdicts: undelivered }),
    };
    const judged = quality && qualityOfScored ? ['', ...qualityText(quality, qualityOfScored)] : [];
    const scored = scoringText(scoring, latency?.reading);
    const text = [...source.title, ...scored, ...pausesText(pauses), ...judged];
    code = await writeReport('score', document, text, values, runtime);
  }
  if (failure) throw failure.error;
  const isComplete = scoring.failed + scoring.unscored + undelivered === 0;
  return strongest(isComplete ? exitCodes.ok : exitCodes.undelivered, code);
}

/** Watches the pauses of this process from the end of the warm-up on; those of a shorter run whole. */
function watchPauses(
  warmUpMs: number,
  { clock, meter: start }: Pick<Runtime, 'clock' | 'meter'>,
): { end(): PausesSummary } {
  const meter = start();
  const over = new AbortController();
  void clock.sleep(warmUpMs, over.signal).then(() => {
    if (!over.signal.aborted) meter.read();
  });
  return {
    end: () => {
      over.abort();
      const pauses = new Pauses();
      pauses.add(meter.read());
      meter.stop();
      return pauses.summary();
    },
  };
}
