import type { ExitCode } from '../../exit-codes.ts';
import { FraudstreamError } from '../../fraudstream-error.ts';
import { plan } from '../../kinesis/plan.ts';
import { listedShards } from '../../kinesis/retries.ts';
import { ShardMap } from '../../kinesis/shard-map.ts';
import type { UserRecord } from '../../records/user-record.ts';
import { planText } from '../../reporting/plan-text.ts';
import { take } from '../../stream/take.ts';
import type { Run } from './produce.ts';
import { writeReport } from './reports/report.ts';
import { peakRate } from './sources/paced.ts';

/** Records looked at: enough to see a skewed key among a hundred shards. */
const SAMPLE = 50_000;

/** Says what the run would mean to each shard of the stream, and sends nothing. */
export async function dryRun({ source, stream, values, outside }: Run): Promise<ExitCode> {
  const map = new ShardMap(await listedShards(stream.client, { ...outside, isFirstCall: true }));
  const sample: UserRecord[] = [];
  const wanted = Math.min(values.count ?? SAMPLE, SAMPLE);
  for await (const group of take(source.groups, wanted)) sample.push(...group);
  if (sample.length === 0) {
    throw new FraudstreamError('bad-data', 'There is no record to plan with: the input is empty.');
  }
  const planned = plan(sample, map, peakRate(values), values.producer);
  const figures = { stream: { name: stream.name, place: stream.place }, plan: planned };
  const title = `Would produce to ${stream.name} (${stream.place}); nothing was sent`;
  return writeReport('produce', figures, [title, ...planText(planned)], values, outside);
}
