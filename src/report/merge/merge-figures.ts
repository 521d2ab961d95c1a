import { isDeepStrictEqual } from 'node:util';
import { type ScenarioSummary, Scenarios } from '../../metrics/breakdowns.ts';
import type { ReconciliationSummary } from '../../metrics/consume-stats.ts';
import type { DeliverySummary, ShardSummary } from '../../metrics/delivery.ts';
import type { EndToEndParity, ParitySummary } from '../../metrics/end-to-end.ts';
import type { LatencySummary } from '../../metrics/latency.ts';
import type { LoadGeneratorSummary } from '../../metrics/load-generator-health.ts';
import type { CorrelationCounts } from '../../metrics/match.ts';
import type { PausesSummary } from '../../metrics/pauses.ts';
import { Quality, type QualityOfScored, type QualitySummary } from '../../metrics/quality.ts';
import { REASONS_TOLD, type ScoringSummary } from '../../metrics/scoring.ts';
import { type Snaked, snaked } from '../../metrics/snake-case.ts';
import { Reasons } from '../../metrics/tally.ts';
import { TimeSeries, type TimeSeriesSummary } from '../../metrics/time-series.ts';
import { per } from '../../text/format.ts';
import type {
  CountryCount,
  ReportDocument,
  ReportedStage,
  Suspect,
} from '../document/report-document.ts';

import {
  any,
  byKey,
  first,
  latencies,
  least,
  type MergeRules,
  mean,
  merged,
  most,
  namedIds,
  perSecond,
  sum,
  sumMeasured,
  tallies,
} from './merge-rules.ts';

type ScoringSection = Snaked<ScoringSummary>;

const scoring: MergeRules<ScoringSection> = {
  duration_seconds: most,
  transactions: sum,
  scored: sum,
  failed: sum,
  unscored: sum,
  dropped: sum,
  late: sum,
  transactions_per_second: perSecond('scored'),
  requests: sum,
  requests_per_second: perSecond('requests'),
  rows_per_request: mean('requests'),
  retries: sum,
  splits: sum,
  request_errors: tallies,
  failures_by_kind: tallies,
  unscored_by_kind: tallies,
  reasons: (lists) => {
    const reasons = new Reasons();
    for (const { code, count } of lists.flat()) reasons.add(code, count);
    return reasons.summary(REASONS_TOLD);
  },
  in_flight_mean: sumMeasured,
  in_flight_most: sum,
  limit_least: least,
  limit_most: most,
  limit_last: sumMeasured,
  breaker: (parts) => ({
    opens: sum(parts.map(({ opens }) => opens)),
    open_ms: sum(parts.map(({ open_ms }) => open_ms)),
  }),
  admission_wait: (parts) => ({
    limit_ms: most(parts.map(({ limit_ms }) => limit_ms)),
    capacity_ms: most(parts.map(({ capacity_ms }) => capacity_ms)),
  }),
  warm_up_seconds: most,
  warm_up_transactions: sum,
  service: latencies,
  response: latencies,
  slip: latencies,
};

/** Merges scoring figures of parts that ran at the same time: requests in flight add up. */
export function scorings(parts: readonly ScoringSection[]): ScoringSection {
  return merged(scoring, parts);
}

type Rates = NonNullable<ReportDocument['rates']>;

/** Without a target in one part there is none for all. */
const targets = (values: readonly (number | null)[]): number | null =>
  values.includes(null) ? null : sum(values);

const rate: MergeRules<Rates> = {
  target_per_second: targets,
  achieved_per_second: sumMeasured,
  dropped: sum,
  late: sum,
};

const stage: MergeRules<ReportedStage> = {
  stage: first,
  duration_seconds: most,
  target_per_second: targets,
  sent: sum,
  achieved_per_second: sumMeasured,
  response: latencies,
};

export function rates(parts: readonly Rates[]): Rates {
  return merged(rate, parts);
}

export const stages: (lists: readonly (readonly ReportedStage[])[]) => readonly ReportedStage[] =
  byKey(
    ({ stage: name }) => name,
    (same) => merged(stage, same),
  );

/** Merges time series second by second of the wall clock. */
export function series(parts: readonly Snaked<TimeSeriesSummary>[]): Snaked<TimeSeriesSummary> {
  const fold = new TimeSeries(parts[0]?.latency_of ?? 'put to verdict');
  for (const part of parts) fold.addParts(part);
  return snaked(fold.summary());
}

type CorrelationSection = Snaked<CorrelationCounts>;
type ReconciliationSection = Snaked<ReconciliationSummary>;
type PausesSection = Snaked<PausesSummary>;
type LoadGeneratorSection = Snaked<LoadGeneratorSummary>;
type LatencySection = NonNullable<ReportDocument['latency']>;

const correlation: MergeRules<CorrelationSection> = {
  sent: sum,
  acknowledged: sum,
  matched: sum,
  late: sum,
  unscored: sum,
  rejected: sum,
  undelivered: sum,
  // Where one part could not tell, nobody can.
  missing: (values) =>
    values.every((value) => typeof value === 'number') ? sum(values) : Number.NaN,
  silent: sum,
  outstanding: sum,
  overdue: sum,
  identical: sum,
  contradicting: sum,
  ours_twice: sum,
  out_of_order: sum,
  unknown: sum,
  repeated_ids: sum,
  settled: sum,
  examples: (parts) =>
    Object.fromEntries(
      Object.keys(parts[0] ?? {}).map((trouble) => {
        const key = trouble as keyof CorrelationSection['examples'];
        return [key, namedIds(parts.map((part) => part[key] ?? []))];
      }),
    ) as unknown as CorrelationSection['examples'],
};

const reconciliation: MergeRules<ReconciliationSection> = {
  produced: sum,
  consumed: sum,
  missing: sum,
  duplicates: sum,
  unknown: sum,
  unreadable: sum,
  missing_ids: namedIds,
};

/** A latency that some of the parts have. */
const measured = (parts: readonly (Snaked<LatencySummary> | undefined)[]): Snaked<LatencySummary> =>
  latencies(parts.flatMap((part) => part ?? []));

const endToEnd: MergeRules<LatencySection> = {
  end_to_end: measured,
  from_due: measured,
  reading: measured,
  clock_skew_ms: (values) => most(values.flatMap((value) => value ?? [])),
};

/** Who limited one of them, limited all. */
const generator: MergeRules<LoadGeneratorSection> = {
  slip: latencies,
  late: sum,
  blocked_ms: most,
  limited_by: (values) =>
    (['generator', 'target', 'nothing'] as const).find((by) => values.includes(by)) ?? 'unknown',
  is_saturated: any,
  cores_mean: sumMeasured,
  busy_share_most: most,
  loop_delay_p99_ms: most,
  loop_delay_max_ms: most,
  memory_most_bytes: sumMeasured,
};

/** Each process has its own: those of the worst, and all collections. */
const ownPauses: MergeRules<PausesSection> = {
  loop_delay_p99_ms: most,
  loop_delay_max_ms: most,
  gc_count: sum,
  gc_ms: sum,
  gc_max_ms: most,
};

export function pauses(parts: readonly PausesSection[]): PausesSection {
  return merged(ownPauses, parts);
}

export function correlations(parts: readonly CorrelationSection[]): CorrelationSection {
  return merged(correlation, parts);
}

export function reconciliations(parts: readonly ReconciliationSection[]): ReconciliationSection {
  return merged(reconciliation, parts);
}

export function endToEnds(parts: readonly LatencySection[]): LatencySection {
  return merged(endToEnd, parts);
}

export function generators(parts: readonly LoadGeneratorSection[]): LoadGeneratorSection {
  return merged(generator, parts);
}

type QualitySection = Snaked<QualitySummary>;
type ParitySection = Snaked<ParitySummary>;

/** Examples shown of suspects and of differing scores. */
const SHOWN = 10;

/** Merges verdict quality from counted scores; undefined if thresholds or costs differ. */
export function qualities(parts: readonly QualitySection[]): QualitySection | undefined {
  const quality = unionOf(parts);
  return quality && snaked(quality.summary());
}

/** As `qualities`, for scored transactions alone. */
export function qualitiesOfScored(
  parts: readonly QualitySection[],
): Snaked<QualityOfScored> | undefined {
  const quality = unionOf(parts);
  return quality && snaked(quality.summaryOfScored());
}

function unionOf(parts: readonly QualitySection[]): Quality | undefined {
  const { threshold, costs } = parts[0] as QualitySection;
  const isSame = parts.every((part) => part.threshold === threshold);
  if (!isSame || !parts.every((part) => isDeepStrictEqual(part.costs, costs))) return undefined;
  const quality = new Quality(threshold, {
    missedFraud: costs.missed_fraud,
    falseAlarm: costs.false_alarm,
  });
  for (const { scores, cards, ...part } of parts) {
    quality.addParts({
      truePositives: part.true_positives,
      falsePositives: part.false_positives,
      missedUnscored: part.missed_unscored ?? 0,
      // Earlier versions did not count them.
      unscoredGenuine: part.unscored_genuine ?? 0,
      scores,
      ...(cards && { cards: cardsOf(cards) }),
    });
  }
  return quality;
}

function cardsOf({
  days,
}: NonNullable<QualitySection['cards']>): NonNullable<QualitySummary['cards']> {
  return {
    cardsADay: 0,
    precision: 0,
    days: days.map(({ top, ...day }) => ({
      ...day,
      top: top.map(({ card_id: cardId, score }) => ({ cardId, score })),
    })),
  };
}

export function scenarios(
  lists: readonly (readonly Snaked<ScenarioSummary>[])[],
): readonly Snaked<ScenarioSummary>[] {
  const fold = new Scenarios();
  for (const scenario of lists.flat()) fold.addParts(scenario);
  return snaked(fold.summary());
}

export function suspects(
  lists: readonly (readonly Snaked<Suspect>[])[],
): readonly Snaked<Suspect>[] {
  return [...lists.flat()].sort((a, b) => b.score - a.score).slice(0, SHOWN);
}

const country: MergeRules<CountryCount> = {
  country: first,
  transactions: sum,
  frauds: sum,
  found: sum,
};

export const countries: (lists: readonly (readonly CountryCount[])[]) => readonly CountryCount[] =
  byKey(
    ({ country: code }) => code,
    (same) => merged(country, same),
  );

const parity: MergeRules<ParitySection> = {
  compared: sum,
  skewed: sum,
  flipped: sum,
  skewed_share: mean('compared'),
  tolerance: first,
  max_difference: most,
  mean_difference: mean('compared'),
  worst: (lists) => [...lists.flat()].sort((a, b) => b.difference - a.difference).slice(0, SHOWN),
};

export function parities(parts: readonly Snaked<EndToEndParity>[]): Snaked<EndToEndParity> {
  const of = (key: keyof EndToEndParity): ParitySection | undefined => {
    const known = parts.flatMap((part) => part[key] ?? []);
    return known.length > 0 ? merged(parity, known) : undefined;
  };
  return { model: of('model'), features: of('features') };
}

type DeliverySection = Snaked<DeliverySummary>;
type ShardRow = Snaked<ShardSummary>;

const shard: MergeRules<ShardRow> = {
  shard_id: first,
  user_records: sum,
  kinesis_records: sum,
  bytes: sum,
  user_records_per_second: first,
  kinesis_records_per_second: first,
  bytes_per_second: first,
};

const delivery: MergeRules<DeliverySection> = {
  duration_seconds: most,
  sent: sum,
  accepted: sum,
  failed: sum,
  possible_duplicates: sum,
  bytes: sum,
  records_per_second: perSecond('accepted'),
  bytes_per_second: perSecond('bytes'),
  kinesis_records: sum,
  aggregation_ratio: (_, parts) => {
    const records = sum(parts.map(({ kinesis_records }) => kinesis_records));
    return per(sum(parts.map(({ accepted }) => accepted)), records);
  },
  requests: sum,
  failed_requests: sum,
  entries_per_request: mean('requests'),
  retries: sum,
  retries_by_code: tallies,
  failures_by_code: tallies,
  request_errors: tallies,
  request: latencies,
  response: latencies,
  shards: (lists, parts) => shards(lists, most(parts.map((part) => part.duration_seconds))),
};

/** Merges delivery figures of parts that ran at the same time. */
export function deliveries(parts: readonly DeliverySection[]): DeliverySection {
  return merged(delivery, parts);
}

function shards(lists: readonly (readonly ShardRow[])[], seconds: number): readonly ShardRow[] {
  const rate = (count: number): number => per(count, seconds);
  const joined = byKey<ShardRow>(
    ({ shard_id }) => shard_id,
    (same) => merged(shard, same),
  )(lists);
  return joined.map((one) => ({
    ...one,
    user_records_per_second: rate(one.user_records),
    kinesis_records_per_second: rate(one.kinesis_records),
    bytes_per_second: rate(one.bytes),
  }));
}
