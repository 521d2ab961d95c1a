import { bytes, count, perSecond, span } from './format.ts';
import type { IntakeSummary } from './intake.ts';

/** What is wrong with records whose aggregate has sub-records outside the shard's range. */
export const OUT_OF_RANGE =
  "came in aggregates outside their shard's range: a KCL reader drops them";

/** What was read of a stream, in a few lines. */
export function intakeText(summary: IntakeSummary): readonly string[] {
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
