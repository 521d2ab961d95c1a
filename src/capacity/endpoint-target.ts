import { emptyScoring } from '../engine/scoring-figures.ts';
import { Scoring, unbounded } from '../metrics/scoring.ts';
import { TimeSeries } from '../metrics/time-series.ts';
import { paced, ready } from '../pacing/pace-settings.ts';
import type { LoadMeter } from '../pipeline-test/load-sampler.ts';
import { type FeaturesOf, preparedCandidates, type Sourced } from '../scoring/candidates.ts';
import type { ScoreForm } from '../scoring/request/request-body.ts';
import { score } from '../scoring/score.ts';
import type { ScoreClient } from '../scoring/score-client.ts';
import type { ScoreSettings } from '../scoring/score-settings.ts';
import type { Clock } from '../stream/clock.ts';
import type { Candidate } from '../transactions/scoring-outcome.ts';
import { Probe, type ProbeSettings, probedGroups, SharedSource } from './probe.ts';
import { type ProbeResult, probePace, type SearchTarget } from './search-target.ts';

/** How transactions are scored at each rate. */
export interface EndpointSearchSettings {
  readonly scoring: ScoreSettings;
  readonly form: ScoreForm;
  readonly featuresOf: FeaturesOf;
}

/** What probes need from outside. */
export interface ProbeDependencies {
  readonly clock: Clock;
  /** Wakes as near to a due instant as it can. */
  readonly paceClock: Clock;
  readonly random: () => number;
  readonly meter: () => LoadMeter;
  readonly stop: AbortSignal;
}

/**
 * A scoring endpoint as the target of a search; its connections are kept from one rate to the next.
 *
 * Each probe goes on in the records where the last one ended. Closes neither of them.
 */
export function endpointTarget(
  records: Iterable<readonly Sourced[]> | AsyncIterable<readonly Sourced[]>,
  client: ScoreClient,
  settings: EndpointSearchSettings,
  dependencies: ProbeDependencies,
): SearchTarget {
  const source = new SharedSource(preparedCandidates(records, settings.featuresOf));
  const series = new TimeSeries('due to score');
  return {
    name: client.place,
    emptyFigures: emptyScoring(),
    series,
    probe: async (perSecond, probeSettings) => {
      const result = await probed(perSecond, probeSettings, source.rest(), client, settings, {
        ...dependencies,
        series,
      });
      return { ...result, isCutShort: source.isOver };
    },
  };
}

async function probed(
  perSecond: number,
  probeSettings: ProbeSettings,
  records: AsyncIterable<readonly Candidate[]>,
  client: ScoreClient,
  { scoring: scoringSettings, form }: EndpointSearchSettings,
  {
    clock,
    paceClock,
    random,
    meter,
    stop,
    series,
  }: ProbeDependencies & Pick<SearchTarget, 'series'>,
): Promise<Omit<ProbeResult, 'isCutShort'>> {
  const probe = new Probe(perSecond, probeSettings, series);
  const { capacity, batchRows } = scoringSettings;
  const pace = probePace(perSecond, probeSettings, random);
  const isFull = (): boolean => probe.underWay >= capacity * batchRows;
  const groups = await ready(records, pace);
  const due = probedGroups(paced(groups, pace, { clock: paceClock, stop }), probe, isFull, clock);
  const startedAt = clock.now();
  probe.start(startedAt);
  const scoring = new Scoring(startedAt, probe.measuredFrom - startedAt);
  const observe = scoring.addRequest.bind(scoring);
  const load = meter();
  const outcomes = score(
    due,
    client,
    form,
    { clock, random, observe },
    { ...scoringSettings, isPaced: true },
  );
  const errors = new FirstError();
  for await (const group of outcomes) {
    scoring.add(group);
    for (const { dueAt, settledAt, error, reason } of group) {
      probe.add(dueAt, settledAt, error === undefined);
      errors.add(error, reason);
    }
  }
  probe.addLoad(load.read());
  load.stop();
  const seconds = (clock.now() - startedAt) / 1000;
  const figures = { scoring: scoring.summary(seconds, unbounded) };
  return { probe: probe.summary(), figures, firstError: errors.text };
}

/** The first error of a probe: one that the endpoint gave rather than a drop on this side because of it. */
class FirstError {
  #answered: string | undefined;
  #dropped: string | undefined;

  get text(): string | undefined {
    return this.#answered ?? this.#dropped;
  }

  add(error: string | undefined, reason: string | undefined): void {
    if (error === undefined) return;
    const text = reason ? `${error}: ${reason}` : error;
    if (error === 'dropped') this.#dropped ??= text;
    else this.#answered ??= text;
  }
}
