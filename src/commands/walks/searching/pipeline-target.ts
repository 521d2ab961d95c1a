import type { Match } from '../../../records/match.ts';
import type { Sourced } from '../../../scoring/candidates.ts';
import type { Outside } from '../../outside.ts';
import { drive } from '../driving/drive.ts';
import { emptySession } from '../driving/empty-session.ts';
import { openPipeline } from '../driving/pipeline.ts';
import { Session, type SessionSettings } from '../driving/session.ts';
import { KeptTruth } from '../driving/truth.ts';
import { watch } from '../driving/watch.ts';
import { thresholdOf } from '../scoring/chosen.ts';
import { openSource } from '../sources/source.ts';
import { Probe, shared } from './probe.ts';
import type { PipelineSearchValues } from './search-values.ts';
import type { Held, SearchTarget, TargetSettings } from './target.ts';

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
  const records = shared<readonly Sourced[]>(source.groups);
  const session = sessionSettings(values, settings);
  return {
    place: pipeline.place,
    names: emptySession(session),
    hold: async (perSecond) => {
      const probe = new Probe(perSecond, settings);
      const one = new Session(session, (match) => told(match, probe));
      const duration = settings.warmUpMs + settings.stepMs;
      const pace = { rate: perSecond, duration, stages: undefined, count: undefined };
      const watched = watch(one, outside);
      const part = { ...source, groups: records() };
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
      return found(probe, one, outside);
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
function found(probe: Probe, session: Session, { clock }: Outside): Held {
  const figures = session.summary(clock.now(), true);
  const { sent, missing, undelivered, rejected, unscored } = figures.correlation;
  const errors = missing + undelivered + rejected + unscored;
  const { generator } = figures;
  const errorsShare = sent > 0 ? errors / sent : 1;
  return { probe: { ...probe.summary(), errorsShare, generator }, figures };
}

function sessionSettings(
  values: PipelineSearchValues,
  { warmUpMs }: TargetSettings,
): SessionSettings {
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
