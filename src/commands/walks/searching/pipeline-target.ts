import type { Match } from '../../../records/match.ts';
import { count } from '../../../reporting/format.ts';
import type { Sourced } from '../../../scoring/candidates.ts';
import type { Outside } from '../../outside.ts';
import { drive } from '../driving/drive.ts';
import { emptySession } from '../driving/empty-session.ts';
import { openPipeline } from '../driving/pipeline.ts';
import { Session, type SessionSettings, type SessionSummary } from '../driving/session.ts';
import { KeptTruth } from '../driving/truth.ts';
import { watch } from '../driving/watch.ts';
import { thresholdOf } from '../scoring/chosen.ts';
import { openSource } from '../sources/source.ts';
import { Probe, SharedSource } from './probe.ts';
import type { PipelineSearchValues } from './search-values.ts';
import {
  type Held,
  type ProbeSpan,
  probePace,
  type SearchTarget,
  type TargetSettings,
} from './target.ts';

/** A whole pipeline, from put to verdict; emptied between one rate and the next. */
export async function pipelineTarget(
  values: PipelineSearchValues,
  settings: TargetSettings,
  outside: Outside,
): Promise<SearchTarget> {
  const truth = new KeptTruth(undefined, values.input.length === 0);
  const source = await openSource({ ...values, s3IdleTimeout: values.requestTimeout }, outside, {
    tell: truth.tell,
  });
  const pipeline = await openPipeline(values, await thresholdOf(values), outside);
  const records = new SharedSource<readonly Sourced[]>(source.groups);
  return {
    place: pipeline.place,
    names: emptySession(sessionSettings(values, settings)),
    hold: async (perSecond, span) => {
      const probe = new Probe(perSecond, { ...settings, ...span });
      const one = new Session(sessionSettings(values, span), (match) => told(match, probe));
      const pace = probePace(perSecond, span, outside);
      const watched = watch(one, outside);
      const part = { ...source, groups: records.rest() };
      const parts = {
        pipeline,
        source: part,
        session: one,
        truth,
        offline: undefined,
        readers: 1,
        outside,
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
      return { ...found(probe, one, outside), isCutShort: records.isOver };
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
function found(probe: Probe, session: Session, { clock }: Outside): Omit<Held, 'isCutShort'> {
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
