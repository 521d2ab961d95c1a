import { Scoring } from '../../../reporting/scoring.ts';
import { unbounded } from '../../../reporting/scoring-bounds.ts';
import { candidates, type Sourced } from '../../../scoring/candidates.ts';
import type { ScoreClient } from '../../../scoring/clients/client.ts';
import { score } from '../../../scoring/score.ts';
import type { Outside } from '../../outside.ts';
import { checkFeatures, featuresOf, formOf, missingIn, settingsOf } from '../scoring/chosen.ts';
import { emptyScoring } from '../scoring/run.ts';
import type { ScoreValues } from '../scoring/score-values.ts';
import { openTarget } from '../scoring/target.ts';
import { paced, ready } from '../sources/paced.ts';
import { openSource, type Source } from '../sources/source.ts';
import { observed, Probe, shared } from './probe.ts';
import type { Held, SearchTarget, TargetSettings } from './target.ts';

/** A scoring endpoint; its connections and its clients' memory are kept from one rate to the next. */
export async function openEndpointTarget(
  values: ScoreValues,
  settings: TargetSettings,
  outside: Outside,
): Promise<SearchTarget> {
  checkFeatures(values);
  const client = await openTarget(values, outside.clock);
  const source = await openSource(values, outside, { missing: missingIn(values) });
  return endpointTarget(client, source, values, settings, outside);
}

/** The same with an open endpoint and an open source, both closed with it. */
export function endpointTarget(
  client: ScoreClient,
  source: Pick<Source, 'groups' | 'close'>,
  values: ScoreValues,
  settings: TargetSettings,
  outside: Outside,
): SearchTarget {
  const records = shared<readonly Sourced[]>(source.groups);
  const features = featuresOf(values);
  return {
    place: client.place,
    names: emptyScoring(),
    hold: async (perSecond) => {
      const probe = new Probe(perSecond, settings);
      const duration = settings.warmUpMs + settings.stepMs;
      const pace = { rate: perSecond, duration, stages: undefined, count: undefined };
      const groups = await ready(records(), pace);
      const isFull = (): boolean => probe.underWay >= values.capacity * values.batchRows;
      const due = observed(paced(groups, pace, outside), probe, isFull, outside);
      return held(candidates(due, features, true), probe, client, values, outside);
    },
    close: async () => {
      await source.close();
      await client.close();
    },
  };
}

async function held(
  source: ReturnType<typeof candidates>,
  probe: Probe,
  client: ScoreClient,
  values: ScoreValues,
  { clock, random, meter }: Outside,
): Promise<Held> {
  const startedAt = clock.now();
  probe.start(startedAt);
  const scoring = new Scoring(startedAt, probe.measuredFrom - startedAt);
  const means = { clock, random, observe: scoring.addRequest.bind(scoring) };
  const load = meter();
  const settings = settingsOf(values, true);
  for await (const outcomes of score(source, client, formOf(values), means, settings)) {
    scoring.add(outcomes);
    for (const { dueAt, settledAt, error } of outcomes) {
      probe.add(dueAt, settledAt, error === undefined);
    }
  }
  probe.generator.addLoad(load.read());
  load.stop();
  const seconds = (clock.now() - startedAt) / 1000;
  const figures = { scoring: scoring.summary(seconds, unbounded) };
  return { probe: probe.summary(), figures };
}
