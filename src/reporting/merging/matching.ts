import type { CorrelationCounts } from '../../records/correlation-counts.ts';
import type { ReportDocument } from '../document/report-document.ts';
import type { GeneratorSummary } from '../generator.ts';
import type { ReconciliationSummary } from '../reconciliation.ts';
import type { Snaked } from '../snake-case.ts';
import { latencies, namedIds } from './common.ts';
import { any, merged, most, type Rules, sum, sumMeasured } from './rule.ts';

type Correlation = Snaked<CorrelationCounts>;
type Reconciliation = Snaked<ReconciliationSummary>;
type Generator = Snaked<GeneratorSummary>;
type EndToEnd = NonNullable<ReportDocument['latency']>;

const correlation: Rules<Correlation> = {
  sent: sum,
  acknowledged: sum,
  matched: sum,
  late: sum,
  unscored: sum,
  rejected: sum,
  undelivered: sum,
  missing: sum,
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
        const key = trouble as keyof Correlation['examples'];
        return [key, namedIds(parts.map((part) => part[key] ?? []))];
      }),
    ) as unknown as Correlation['examples'],
};

const reconciliation: Rules<Reconciliation> = {
  produced: sum,
  consumed: sum,
  missing: sum,
  duplicates: sum,
  unknown: sum,
  unreadable: sum,
  missing_ids: namedIds,
};

const endToEnd: Rules<EndToEnd> = {
  end_to_end: latencies,
  from_due: latencies,
  reading: latencies,
  clock_skew_ms: most,
};

/** Who limited one of them, limited all. */
const generator: Rules<Generator> = {
  slip: latencies,
  late: sum,
  held_up_ms: most,
  limited_by: (values) =>
    (['generator', 'target', 'nothing'] as const).find((by) => values.includes(by)) ?? 'unknown',
  is_saturated: any,
  cores_mean: sumMeasured,
  busy_share_most: most,
  loop_delay_p99_ms: most,
  loop_delay_max_ms: most,
  memory_most_bytes: sumMeasured,
};

export function correlations(parts: readonly Correlation[]): Correlation {
  return merged(correlation, parts);
}

export function reconciliations(parts: readonly Reconciliation[]): Reconciliation {
  return merged(reconciliation, parts);
}

export function endToEnds(parts: readonly EndToEnd[]): EndToEnd {
  return merged(endToEnd, parts);
}

export function generators(parts: readonly Generator[]): Generator {
  return merged(generator, parts);
}
