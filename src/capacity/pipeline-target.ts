import type { SessionSummary } from '../metrics/session-summary.ts';
import { TimeSeries } from '../metrics/time-series.ts';
import type { Pipeline } from '../pipeline-test/pipeline.ts';
import {
  type PipelineTestSettings,
  runPipeline,
  sessionSettings,
} from '../pipeline-test/run-pipeline.ts';
import { emptySummary } from '../pipeline-test/session.ts';
import type { Sourced } from '../scoring/candidates.ts';
import { count } from '../text/format.ts';
import type { ProbeDependencies } from './endpoint-target.ts';
import { Probe, type ProbeSettings, SharedSource } from './probe.ts';
import { type ProbeResult, probePace, type SearchTarget } from './search-target.ts';

/** How the pipeline is driven at each rate; pace and warm-up are those of the probe. */
export type PipelineSearchSettings = Omit<PipelineTestSettings, 'pace' | 'warmUpMs'>;

/**
 * A whole pipeline as the target of a search, from put to verdict; drained between two rates.
 *
 * Each probe goes on in the records where the last one ended. Closes neither of them.
 */
export function pipelineTarget(
  records: Iterable<readonly Sourced[]> | AsyncIterable<readonly Sourced[]>,
  pipeline: Pipeline & { readonly name: string },
  settings: PipelineSearchSettings,
  dependencies: ProbeDependencies,
): SearchTarget {
  const source = new SharedSource(records);
  const series = new TimeSeries('due to verdict');
  const testSettings = (perSecond: number, probeSettings: ProbeSettings): PipelineTestSettings => ({
    ...settings,
    pace: probePace(perSecond, probeSettings, dependencies.random),
    warmUpMs: probeSettings.warmUpMs,
  });
  const nothing = { stepMs: 0, warmUpMs: 0, goodMs: 0 };
  return {
    name: pipeline.name,
    series,
    emptyFigures: emptySummary(sessionSettings(testSettings(1, nothing))),
    probe: async (perSecond, probeSettings) => {
      const probe = new Probe(perSecond, probeSettings, series);
      const { report, failure } = await runPipeline(
        source.rest(),
        pipeline,
        testSettings(perSecond, probeSettings),
        {
          ...dependencies,
          onStart: (now) => probe.start(now),
          onMatch: ({ dueAt, arrivedAt, error }) =>
            probe.add(dueAt, arrivedAt, error === undefined),
        },
      );
      if (failure) throw failure.error;
      const { rates: _, ...figures } = report;
      return { ...resultOf(probe, figures), isCutShort: source.isOver };
    },
  };
}

/** The probe has seen verdicts alone: a transaction without one is an error too. */
function resultOf(probe: Probe, figures: SessionSummary): Omit<ProbeResult, 'isCutShort'> {
  const { sent, missing, undelivered, rejected, unscored } = figures.correlation;
  // Of alerts only nobody can tell what is missing.
  const errors = (missing || 0) + undelivered + rejected + unscored;
  const { generator } = figures;
  const errorsShare = sent > 0 ? errors / sent : 1;
  const firstError = firstErrorOf(figures);
  return { probe: { ...probe.summary(), errorsShare, generator }, figures, firstError };
}

/** The most frequent error of verdicts, dead letters and puts, or that no verdict came. */
function firstErrorOf(figures: SessionSummary): string | undefined {
  const { unscoredByKind, rejectsByReason, delivery, correlation } = figures;
  const codes = [...unscoredByKind, ...rejectsByReason, ...delivery.failuresByCode];
  if (codes[0]) return codes[0].code;
  return correlation.missing > 0
    ? `${count(correlation.missing)} transactions got no verdict`
    : undefined;
}
