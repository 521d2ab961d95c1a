import type { Plan } from '../../kinesis/producer/plan.ts';
import type { ConsumeSummary, ReconciliationSummary } from '../../metrics/consume-stats.ts';
import type { DeliverySummary } from '../../metrics/delivery.ts';
import type { LatencySummary } from '../../metrics/latency.ts';
import type { CodeCount } from '../../metrics/tally.ts';
import {
  bytes,
  bytesPerSecond,
  count,
  decimal,
  percent,
  perSecond,
  span,
} from '../../text/format.ts';
import { type Column, table } from './layout.ts';

/** Whether what went in came out, in a line or two. */
export function reconciliationText(summary: ReconciliationSummary): readonly string[] {
  const { produced, consumed, missing, duplicates, unknown, unreadable, missingIds } = summary;
  const isWhole = missing === 0 && unknown === 0;
  const verdict = isWhole ? 'every record came back, by id' : 'NOT all records came back';
  const lines = [
    `  ${'Reconciled'.padEnd(16)} ${count(produced)} produced = ${count(consumed)} consumed + ${count(missing)} missing: ${verdict}`,
    `  ${''.padEnd(16)} ${count(duplicates)} read twice, ${count(unknown)} not ours, ${count(unreadable)} outside their shard's range`,
  ];
  return missing === 0 ? lines : [...lines, `  ${'Missing'.padEnd(16)} ${missingIds.join(', ')}`];
}

/** What is wrong with records whose aggregate has sub-records outside the shard's range. */
export const OUT_OF_RANGE =
  "came in aggregates outside their shard's range: a KCL reader drops them";

/** What was read of a stream, in a few lines. */
export function consumeText(summary: ConsumeSummary): readonly string[] {
  const { records, kinesisRecords, durationSeconds, damagedAggregates, outOfRange } = summary;
  const time = span(durationSeconds * 1000);
  return [
    `  User records     ${count(records)} in ${count(kinesisRecords)} Kinesis records`,
    `  Throughput       ${perSecond(summary.recordsPerSecond)} (${bytes(summary.bytes)} in ${time})`,
    `  Shards           ${count(summary.shards.length)} held records`,
    ...(damagedAggregates > 0
      ? [`  Damaged          ${count(damagedAggregates)} aggregates, passed on as they are`]
      : []),
    ...(outOfRange > 0 ? [`  Out of range     ${count(outOfRange)} records ${OUT_OF_RANGE}`] : []),
  ];
}

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

const SHARDS_SHOWN = 32;

/** What became of a run's records, in lines that a person reads in ten seconds. */
export function deliveryText(summary: DeliverySummary): readonly string[] {
  return [
    ...facts(summary),
    ...codes('Put again', 'user records after', summary.retriesByCode),
    ...codes('Failed', 'user records by', summary.failuresByCode),
    '',
    ...latencies(summary),
    '',
    ...shards(summary),
  ];
}

function facts(summary: DeliverySummary): readonly string[] {
  const { accepted, failed, sent, possibleDuplicates, durationSeconds } = summary;
  const duplicates =
    possibleDuplicates > 0 ? `, ${count(possibleDuplicates)} of them possibly twice` : '';
  const failures = failed > 0 ? `${count(failed)} failed` : 'none failed';
  return pairs([
    [
      'User records',
      `${count(sent)} sent, ${count(accepted)} acknowledged${duplicates}, ${failures}`,
    ],
    [
      'Throughput',
      `${perSecond(summary.recordsPerSecond)}, ${bytesPerSecond(summary.bytesPerSecond)} (${bytes(summary.bytes)} in ${span(durationSeconds * 1000)})`,
    ],
    [
      'Kinesis records',
      `${count(summary.kinesisRecords)}, ${decimal(summary.aggregationRatio, 1)} user records in each`,
    ],
    [
      'Requests',
      `${count(summary.requests)}, ${decimal(summary.entriesPerRequest, 1)} Kinesis records in each, ${count(summary.failedRequests)} failed`,
    ],
  ]);
}

function codes(title: string, what: string, counts: readonly CodeCount[]): readonly string[] {
  return pairs(
    counts.map(({ code, count: times }, place) => [
      place === 0 ? title : '',
      `${count(times)} ${what} ${code}`,
    ]),
  );
}

function pairs(rows: readonly (readonly [string, string])[]): readonly string[] {
  return rows.map(([name, value]) => `  ${name.padEnd(16)} ${value}`);
}

const latencyColumns: readonly Column[] = [
  { heading: 'Latency' },
  ...['mean', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'max'].map((heading) => ({
    heading,
    isNumber: true,
  })),
];

function latencies({ request, response }: DeliverySummary): readonly string[] {
  const row = (name: string, latency: LatencySummary): readonly string[] => [
    name,
    ...(latency.count === 0
      ? latencyColumns.slice(1).map(() => '-')
      : [
          latency.meanMs,
          latency.p50Ms,
          latency.p90Ms,
          latency.p95Ms,
          latency.p99Ms,
          latency.p999Ms,
          latency.maxMs,
        ].map(span)),
  ];
  return indented(
    table(latencyColumns, [row('due to receipt', response), row('PutRecords', request)]),
  );
}

const shardColumns: readonly Column[] = [
  { heading: 'Shard' },
  { heading: 'user records', isNumber: true },
  { heading: 'user records/s', isNumber: true },
  { heading: 'Kinesis records/s', isNumber: true },
  { heading: 'bytes/s', isNumber: true },
];

function shards({ shards: all }: DeliverySummary): readonly string[] {
  const shown = all.slice(0, SHARDS_SHOWN);
  const rows = shown.map((shard) => [
    shard.shardId,
    count(shard.userRecords),
    perSecond(shard.userRecordsPerSecond),
    perSecond(shard.kinesisRecordsPerSecond),
    bytesPerSecond(shard.bytesPerSecond),
  ]);
  const rest = all.length - shown.length;
  return indented([...table(shardColumns, rows), ...(rest > 0 ? [`and ${rest} more shards`] : [])]);
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}
