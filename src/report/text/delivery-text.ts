import type { Plan } from '../../kinesis/producer/plan.ts';
import type { ConsumeSummary, ReconciliationSummary } from '../../metrics/consume-stats.ts';
import type { DeliverySummary } from '../../metrics/delivery.ts';
import type { LatencySummary } from '../../metrics/latency.ts';
import {
  bytes,
  bytesPerSecond,
  count,
  decimal,
  percent,
  perSecond,
  span,
} from '../../text/format.ts';
import { latencyText } from './latency-text.ts';
import { type Column, codeLines, indented, pairs, table } from './layout.ts';

/** Returns whether every produced record was consumed, in a few lines. */
export function reconciliationText(summary: ReconciliationSummary): readonly string[] {
  const { produced, consumed, missing, duplicates, unknown, unreadable, missingIds } = summary;
  const isWhole = missing === 0 && unknown === 0;
  const verdict = isWhole ? 'every record came back, by id' : 'NOT all records came back';
  return pairs([
    [
      'Reconciled',
      `${count(produced)} produced = ${count(consumed)} consumed + ${count(missing)} missing: ${verdict}`,
    ],
    [
      '',
      `${count(duplicates)} read twice, ${count(unknown)} not ours, ${count(unreadable)} outside their shard's range`,
    ],
    ...(missing === 0 ? [] : [['Missing', missingIds.join(', ')] as const]),
  ]);
}

/** Text about records of aggregates with user records outside the shard's hash key range. */
export const OUT_OF_RANGE =
  "came in aggregates outside their shard's range: a KCL reader drops them";

/** The name of the time from the arrival of a record in a stream until it was read here. */
export const ARRIVAL_TO_READING = 'arrival to reading';

/** Returns what was read from a stream, in a few lines. */
export function consumeText(summary: ConsumeSummary, reading: LatencySummary): readonly string[] {
  const { records, kinesisRecords, durationSeconds, damagedAggregates, outOfRange } = summary;
  const time = span(durationSeconds * 1000);
  const facts = pairs([
    ['User records', `${count(records)} in ${count(kinesisRecords)} Kinesis records`],
    ['Throughput', `${perSecond(summary.recordsPerSecond)} (${bytes(summary.bytes)} in ${time})`],
    ['Shards', `${count(summary.shards.length)} had records`],
    ...(damagedAggregates > 0
      ? [['Damaged', `${count(damagedAggregates)} aggregates, passed on unchanged`] as const]
      : []),
    ...(outOfRange > 0
      ? [['Out of range', `${count(outOfRange)} records ${OUT_OF_RANGE}`] as const]
      : []),
  ]);
  if (reading.count === 0) return facts;
  return [...facts, '', ...latencyText([[ARRIVAL_TO_READING, reading]])];
}

/** Returns the load of each shard at a rate, and the capacity of the stream. */
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
    ...pairs([
      ['Rate', `${perSecond(plan.userRecordsPerSecond)} of ${bytes(plan.meanPayloadBytes)} each`],
      [
        'Capacity',
        `${perSecond(plan.capacityPerSecond)} until the fullest shard reaches its limit (1000 records/s, 1 MiB/s)`,
      ],
      ['Shards', need],
      ['Aggregation', `${decimal(plan.aggregationRatio, 1)} user records in each Kinesis record`],
    ]),
    '',
    ...indented(table(planColumns, rows)),
  ];
}

const planColumns: readonly Column[] = [
  { heading: 'Shard' },
  { heading: 'user records/s', isNumber: true },
  { heading: 'Kinesis records/s', isNumber: true },
  { heading: 'bytes/s', isNumber: true },
  { heading: 'load', isNumber: true },
  { heading: '' },
];

const SHARDS_SHOWN = 32;

/** Returns the delivery of a run's records: counts, errors, latencies and shards. */
export function deliveryText(summary: DeliverySummary): readonly string[] {
  return [
    ...facts(summary),
    ...codeLines('Put again', 'user records after', summary.retriesByCode),
    ...codeLines('Failed', 'user records by', summary.failuresByCode),
    '',
    ...latencyText([
      ['due to receipt', summary.response],
      ['PutRecords', summary.request],
    ]),
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
