import type { DeliverySummary, ShardSummary } from '../delivery.ts';
import { per } from '../per.ts';
import type { Snaked } from '../snake-case.ts';
import { latencies, tallies } from './common.ts';
import { byKey, first, mean, merged, most, perSecond, type Rules, sum } from './rule.ts';

type Delivery = Snaked<DeliverySummary>;
type Shard = Snaked<ShardSummary>;

const shard: Rules<Shard> = {
  shard_id: first,
  user_records: sum,
  kinesis_records: sum,
  bytes: sum,
  user_records_per_second: first,
  kinesis_records_per_second: first,
  bytes_per_second: first,
};

const delivery: Rules<Delivery> = {
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

/** What became of the records of all parts, put at the same time. */
export function deliveries(parts: readonly Delivery[]): Delivery {
  return merged(delivery, parts);
}

function shards(lists: readonly (readonly Shard[])[], seconds: number): readonly Shard[] {
  const rate = (count: number): number => per(count, seconds);
  const joined = byKey<Shard>(
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
