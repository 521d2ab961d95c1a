import type { Runtime } from '../cli/runtime.ts';
import type { AbortOnThreshold } from '../commands/shared/abort-on-threshold.ts';
import { scoreProgress } from '../commands/shared/progress.ts';
import type { ScoreValues } from '../commands/shared/scoring-settings.ts';
import { formOf, settingsOf } from '../commands/shared/scoring-settings.ts';
import { brokenBy, writeReport } from '../commands/shared/write-report.ts';
import { type ExitCode, exitCodes, strongest } from '../exit-codes.ts';
import { Pauses, type PausesSummary, pausesText } from '../metrics/pauses.ts';
import { Quality, type QualityOfScored, type QualitySummary } from '../metrics/quality.ts';
import { type BoundsSummary, Scoring, unbounded } from '../metrics/scoring.ts';
import { qualityText, scoringText } from '../report/text/scoring-text.ts';
import { score } from '../scoring/score.ts';
import type { ScoreClient } from '../scoring/score-client.ts';
import { verdictOf } from '../scoring/verdicts.ts';
import type { Candidate, ScoringOutcome } from '../transactions/scoring-outcome.ts';
import type { Due } from '../transactions/user-record.ts';
import { rejectionOf, verdictLine } from '../transactions/verdict.ts';
import type { GroundTruth } from './ground-truth.ts';
import type { Sinks } from './sinks.ts';

/** One run of `score`, its ends open. */
export interface ScoreRun {
  readonly candidates: AsyncIterable<readonly Due<Candidate>[]>;
  /** They are due by a schedule. */
  readonly isPaced: boolean;
  readonly client: ScoreClient;
  readonly sinks: Sinks;
  readonly truth: GroundTruth;
  readonly values: ScoreValues;
  readonly guard: AbortOnThreshold;
  /** The score from which a transaction counts as fraud. */
  readonly threshold: number;
  /** How many there will be at most, where anybody knows. */
  readonly total: number | undefined;
  /** Under which name the lines of an outcome arrive. */
  nameOf(outcome: ScoringOutcome): string;
  /** The title of the report, and what it says of the source. */
  told(): { readonly title: readonly string[]; readonly figures: object };
  /** Hears of outcomes before they are written. */
  readonly hear?: (outcomes: readonly ScoringOutcome[]) => void;
  /** What ends the run when all is written. */
  readonly finish?: () => Promise<void>;
}

interface Folds {
  readonly scoring: Scoring;
  readonly quality: Quality;
}

interface Judgement {
  readonly quality: QualitySummary;
  readonly qualityOfScored: QualityOfScored;
}

/** What the scoring tells of itself. */
type RunDescription = Parameters<NonNullable<Parameters<typeof score>[5]>>[0];

/** Scores everything, writes each verdict, and reports; an error that broke it comes after that. */
export async function scoreRun(run: ScoreRun): Promise<ExitCode> {
  const { client, sinks, values, guard } = run;
  const { runtime } = guard;
  const { clock } = runtime;
  const startedAt = clock.now();
  const { costMissed, costAlarm } = values;
  const costs = { missedFraud: costMissed, falseAlarm: costAlarm };
  const folds = {
    scoring: new Scoring(startedAt, values.warmUp, run.isPaced),
    quality: new Quality(run.threshold, costs),
  };
  const shown = scoreProgress(folds.scoring, run.total, values, runtime);
  guard.watch(() => interim(folds, clock.now() - startedAt));
  const pauses = watchPauses(values.warmUp, runtime);
  const { broken, told } = await scoreAll(run, folds).finally(() => shown.stop());
  guard.end();
  const paused = pauses.end();
  const now = clock.now();
  const summary = folds.scoring.summary((now - startedAt) / 1000, boundsOf(told, now));
  const judgement = qualityOf(folds);
  let crossed: ExitCode = exitCodes.ok;
  if (!broken || summary.transactions > 0) {
    const source = run.told();
    const figures = {
      startedAt: new Date(startedAt).toISOString(),
      ...(broken && { endedBy: brokenBy(broken.by) }),
      endpoint: { location: client.place, transport: values.transport },
      ...source.figures,
      scoring: summary,
      pauses: paused,
      ...(sinks.failed() > 0 && { undeliveredVerdicts: sinks.failed() }),
      ...judgement,
    };
    const judged = judgement
      ? ['', ...qualityText(judgement.quality, judgement.qualityOfScored)]
      : [];
    const own = pausesText(paused);
    const text = [...source.title, ...scoringText(summary), ...own, ...judged];
    const form = { ...values, output: sinks.output };
    crossed = await writeReport('score', figures, text, form, runtime);
  }
  if (broken) throw broken.by;
  const lost = summary.failed + summary.unscored + sinks.failed();
  return strongest(lost > 0 ? exitCodes.undelivered : exitCodes.ok, crossed);
}

/** Watches the pauses of this process, from the end of the warm-up on; a shorter run whole. */
function watchPauses(warmUpMs: number, { clock, meter: start }: Runtime): { end(): PausesSummary } {
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

/** The figures while the run goes on. */
function interim(folds: Folds, ms: number): object {
  return { scoring: folds.scoring.summary(ms / 1000, unbounded), ...qualityOf(folds) };
}

/** How good the scores were, and those alone that came; nothing where no truth is known. */
function qualityOf({ quality }: Folds): Judgement | undefined {
  if (quality.labelled === 0) return undefined;
  return { quality: quality.summary(), qualityOfScored: quality.summaryOfScored() };
}

/** The figures of a scoring that never was: the names that limits may speak of. */
export function emptyScoring(): object {
  const quality = new Quality(0.5, { missedFraud: 0, falseAlarm: 0 });
  return {
    ...interim({ scoring: new Scoring(0, 0), quality }, 0),
    pauses: new Pauses().summary(),
    quality: quality.summary(),
    qualityOfScored: quality.summaryOfScored(),
  };
}

function boundsOf(told: RunDescription | undefined, now: number): BoundsSummary {
  if (!told) return unbounded;
  const { breaker, heldBack } = told;
  const { limitMs, capacityMs } = heldBack;
  return {
    breaker: { opens: breaker.opens, openMs: breaker.openMs(now) },
    admissionWait: { limitMs, capacityMs },
  };
}

interface Ending {
  readonly broken: { readonly by: unknown } | undefined;
  readonly told: RunDescription | undefined;
}

/** Scores and writes; an error that ends it comes back, because the report comes before it. */
async function scoreAll(run: ScoreRun, folds: Folds): Promise<Ending> {
  const { candidates, client, sinks, values, guard } = run;
  const { clock, random } = guard.runtime;
  const { scoring } = folds;
  const dependencies = { clock, random, observe: scoring.addRequest.bind(scoring) };
  let told: RunDescription | undefined;
  const tell = (scorer: RunDescription): void => {
    told = scorer;
  };
  let broken: Ending['broken'];
  try {
    const form = formOf(values);
    const settings = settingsOf(values, run.isPaced);
    for await (const group of score(candidates, client, form, dependencies, settings, tell)) {
      fold(group, run, folds);
      await write(group, run);
    }
  } catch (by) {
    broken = { by };
  }
  try {
    await sinks.end();
    await run.finish?.();
  } catch (by) {
    broken ??= { by };
  }
  return { broken, told };
}

function fold(
  group: readonly ScoringOutcome[],
  { truth }: ScoreRun,
  { scoring, quality }: Folds,
): void {
  scoring.add(group);
  for (const { candidate, score: value, error } of group) {
    const isFraud = truth.isFraud(candidate);
    if (isFraud === undefined) continue;
    const { cardId, eventTime } = candidate;
    if (error === undefined)
      quality.add(value, isFraud, { cardId, eventAt: Date.parse(eventTime) });
    else quality.addUnscored(isFraud);
  }
}

async function write(group: readonly ScoringOutcome[], run: ScoreRun): Promise<void> {
  const { sinks, values, nameOf } = run;
  const { modelVersion, withFeatures } = values;
  const judge = { threshold: run.threshold, modelVersion, withFeatures };
  run.hear?.(group);
  await sinks.verdicts.write(
    group.map((outcome) => ({
      id: nameOf(outcome),
      key: outcome.candidate.cardId,
      line: () => verdictLine(verdictOf(outcome, judge)),
    })),
  );
  for (const outcome of group) {
    if (outcome.error !== undefined) await sinks.rejects([rejectionOf(outcome)], nameOf(outcome));
  }
}
