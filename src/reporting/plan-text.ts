import type { Plan } from '../records/plan.ts';
import { bytes, bytesPerSecond, count, decimal, percent, perSecond } from './format.ts';
import { table } from './table.ts';

/** What a rate would mean to each shard, and how far the stream carries. */
export function planText(plan: Plan): readonly string[] {
  const { shards, shardsNeeded } = plan;
  const need =
    shardsNeeded === undefined
      ? 'no rate is set: the figures below are those at capacity'
      : `${count(shardsNeeded)} evenly loaded shards would carry the rate; the stream has ${count(shards.length)}`;
  const rows = shards.map((shard) => [
    shard.shardId,
    perSecond(shard.userRecordsPerSecond),
    perSecond(shard.kinesisRecordsPerSecond),
    bytesPerSecond(shard.bytesPerSecond),
    percent(shard.load),
    shard.load > 1 ? 'over its limit' : '',
  ]);
  return [
    `  Rate             ${perSecond(plan.userRecordsPerSecond)} of ${bytes(plan.meanPayloadBytes)} each`,
    `  Capacity         ${perSecond(plan.capacityPerSecond)} until the fullest shard reaches its limit (1000 records/s, 1 MiB/s)`,
    `  Shards           ${need}`,
    `  Aggregation      ${decimal(plan.aggregationRatio, 1)} user records in each Kinesis record`,
    '',
    ...table(
      [
        { heading: 'Shard' },
        { heading: 'user records/s', isNumber: true },
        { heading: 'Kinesis records/s', isNumber: true },
        { heading: 'bytes/s', isNumber: true },
        { heading: 'load', isNumber: true },
        { heading: '' },
      ],
      rows,
    ).map((line) => `  ${line}`),
  ];
}
