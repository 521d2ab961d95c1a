import { Reasons } from '../reasons.ts';
import { REASONS_TOLD, type ScoringSummary } from '../scoring.ts';
import type { Snaked } from '../snake-case.ts';
import { latencies, tallies } from './common.ts';
import { least, mean, merged, most, perSecond, type Rules, sum, sumMeasured } from './rule.ts';

type Scoring = Snaked<ScoringSummary>;

const scoring: Rules<Scoring> = {
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
  held_back: (parts) => ({
    limit_ms: most(parts.map(({ limit_ms }) => limit_ms)),
    capacity_ms: most(parts.map(({ capacity_ms }) => capacity_ms)),
  }),
  warm_up_seconds: most,
  warm_up_transactions: sum,
  service: latencies,
  response: latencies,
  slip: latencies,
};

/** What became of the transactions of all parts, scored at the same time: what was in flight adds up. */
export function scorings(parts: readonly Scoring[]): Scoring {
  return merged(scoring, parts);
}
