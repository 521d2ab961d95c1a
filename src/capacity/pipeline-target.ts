import type { Runtime } from '../cli/runtime.ts';
import type { PipelineSearchValues } from '../commands/search/settings.ts';
import { thresholdOf } from '../commands/shared/scoring-settings.ts';
import { openRecordSource } from '../commands/shared/source.ts';
import type { Match } from '../metrics/match.ts';
import { drive } from '../pipeline-test/driver.ts';
import { PipelineGroundTruth } from '../pipeline-test/ground-truth.ts';
import { sampleLoad } from '../pipeline-test/load-sampler.ts';
import { openPipeline } from '../pipeline-test/open-pipeline.ts';
import {
  emptySession,
  Session,
  type SessionSettings,
  type SessionSummary,
} from '../pipeline-test/session.ts';
import type { Sourced } from '../scoring/candidates.ts';
import { count } from '../text/format.ts';
import { Probe, SharedSource } from './probe.ts';
import {
  type Held,
  type ProbeSpan,
  probePace,
  type SearchTarget,
  type TargetSettings,
} from './search-target.ts';

/** A whole pipeline, from put to verdict; emptied between one rate and the next. */
export async function pipelineTarget(
  values: PipelineSearchValues,
  settings: TargetSettings,
  runtime: Runtime,
): Promise<SearchTarget> {
  const truth = new PipelineGroundTruth(undefined, values.input.length === 0);
  const source = await openRecordSource(
    { ...values, s3IdleTimeout: values.requestTimeout },
    runtime,
    {
      tell: truth.tell,
    },
  );
  const pipeline = await openPipeline(values, await thresholdOf(values), runtime);
  const records = new SharedSource<readonly Sourced[]>(source.groups);
  return {
    place: pipeline.place,
    names: emptySession(sessionSettings(values, settings)),
    hold: async (perSecond, span) => {
      const probe = new Probe(perSecond, { ...settings, ...span });
      const one = new Session(sessionSettings(values, span), (match) => told(match, probe));
      const pace = probePace(perSecond, span, runtime);
      const watched = sampleLoad(one, runtime);
      const part = { ...source, groups: records.rest() };
      const parts = {
        pipeline,
        source: part,
        session: one,
        truth,
        offline: undefined,
        readers: 1,
        runtime,
      };
      const broken = await drive({
        ...parts,
        values: { ...values, ...pace },
        begun: (now) => {
          probe.start(now);
          watched.begin();
        },
        isPut: watched.end,
      });
      watched.stop();
      if (broken) throw broken.by;
      return { ...found(probe, one, runtime), isCutShort: records.isOver };
    },
    close: async () => {
      await pipeline.close();
      await source.close();
    },
  };
}

function told({ dueAt, arrivedAt, error }: Match, probe: Probe): void {
  probe.add(dueAt, arrivedAt, error === undefined);
}

/** The probe knows of verdicts alone: what got none is an error too. */
function found(probe: Probe, session: Session, { clock }: Runtime): Omit<Held, 'isCutShort'> {
  const figures = session.summary(clock.now(), true);
  const { sent, missing, undelivered, rejected, unscored } = figures.correlation;
  const errors = missing + undelivered + rejected + unscored;
  const { generator } = figures;
  const errorsShare = sent > 0 ? errors / sent : 1;
  const firstError = firstErrorOf(figures);
  return { probe: { ...probe.summary(), errorsShare, generator }, figures, firstError };
}

/** The most frequent error of verdicts, dead letters and puts, or that nothing came. */
function firstErrorOf(figures: SessionSummary): string | undefined {
  const { unscoredByKind, rejectsByReason, delivery, correlation } = figures;
  const codes = [...unscoredByKind, ...rejectsByReason, ...delivery.failuresByCode];
  if (codes[0]) return codes[0].code;
  return correlation.missing > 0
    ? `${count(correlation.missing)} transactions got no verdict`
    : undefined;
}

function sessionSettings(values: PipelineSearchValues, { warmUpMs }: ProbeSpan): SessionSettings {
  return {
    lateAfterMs: values.lateAfter,
    forgetAfterMs: Number.POSITIVE_INFINITY,
    isOrdered: values.producer.isOrdered,
    warmUpMs,
    threshold: values.threshold,
    parityTolerance: 0,
    costs: { missedFraud: values.costMissed, falseAlarm: values.costAlarm },
    isAlone: true,
    isPaced: true,
    stages: undefined,
  };
}
