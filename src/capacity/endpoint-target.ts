import type { Runtime } from '../cli/runtime.ts';
import type { ScoreValues } from '../commands/shared/scoring-settings.ts';
import {
  type ChosenFeatures,
  checkFeatures,
  chosenFeatures,
  formOf,
  missingIn,
  settingsOf,
} from '../commands/shared/scoring-settings.ts';
import { openTarget } from '../commands/shared/scoring-target.ts';
import {
  openRecordSource,
  PACED_GROUP_SIZE,
  paced,
  type RecordSource,
  ready,
} from '../commands/shared/source.ts';
import { emptyScoring } from '../engine/score-run.ts';
import { Scoring, unbounded } from '../metrics/scoring.ts';
import { candidates, type Sourced } from '../scoring/candidates.ts';
import { score } from '../scoring/score.ts';
import type { ScoreClient } from '../scoring/score-client.ts';
import { observed, Probe, SharedSource } from './probe.ts';
import { type Held, probePace, type SearchTarget, type TargetSettings } from './search-target.ts';

/** A scoring endpoint; its connections and its clients' memory are kept from one rate to the next. */
export async function openEndpointTarget(
  values: ScoreValues,
  settings: TargetSettings,
  runtime: Runtime,
): Promise<SearchTarget> {
  checkFeatures(values);
  const client = await openTarget(values, runtime.clock);
  const features = chosenFeatures(values);
  const { expect: tell } = features;
  const listeners = { tell, missing: missingIn(values), groupSize: PACED_GROUP_SIZE };
  const source = await openRecordSource(values, runtime, listeners);
  return endpointTarget(client, source, values, settings, runtime, features);
}

/** The same with an open endpoint and an open source, both closed with it. */
export function endpointTarget(
  client: ScoreClient,
  source: Pick<RecordSource, 'groups' | 'close'>,
  values: ScoreValues,
  settings: TargetSettings,
  runtime: Runtime,
  features: ChosenFeatures = chosenFeatures(values),
): SearchTarget {
  const records = new SharedSource<readonly Sourced[]>(source.groups);
  const { paceClock, stop } = runtime;
  return {
    place: client.place,
    names: emptyScoring(),
    hold: async (perSecond, span) => {
      const probe = new Probe(perSecond, { ...settings, ...span });
      const pace = probePace(perSecond, span, runtime);
      const isFull = (): boolean => probe.underWay >= values.capacity * values.batchRows;
      const groups = await ready(records.rest(), pace);
      const due = observed(paced(groups, pace, { clock: paceClock, stop }), probe, isFull, runtime);
      const found = await held(candidates(due, features.of, true), probe, client, values, runtime);
      return { ...found, isCutShort: records.isOver };
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
  { clock, random, meter }: Runtime,
): Promise<Omit<Held, 'isCutShort'>> {
  const startedAt = clock.now();
  probe.start(startedAt);
  const scoring = new Scoring(startedAt, probe.measuredFrom - startedAt);
  const dependencies = { clock, random, observe: scoring.addRequest.bind(scoring) };
  const load = meter();
  const settings = settingsOf(values, true);
  let firstError: string | undefined;
  for await (const outcomes of score(source, client, formOf(values), dependencies, settings)) {
    scoring.add(outcomes);
    for (const { dueAt, settledAt, error, reason } of outcomes) {
      probe.add(dueAt, settledAt, error === undefined);
      if (error !== undefined) firstError ??= reason ? `${error}: ${reason}` : error;
    }
  }
  probe.generator.addLoad(load.read());
  load.stop();
  const seconds = (clock.now() - startedAt) / 1000;
  const figures = { scoring: scoring.summary(seconds, unbounded) };
  return { probe: probe.summary(), figures, firstError };
}
