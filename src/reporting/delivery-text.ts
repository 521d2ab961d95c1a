import type { DeliverySummary } from './delivery.ts';
import { bytes, bytesPerSecond, count, decimal, perSecond, span } from './format.ts';
import type { LatencySummary } from './latency.ts';
import { type Column, table } from './table.ts';
import type { CodeCount } from './tally.ts';

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
