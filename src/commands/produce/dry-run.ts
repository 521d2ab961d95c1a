import type { Runtime } from '../../cli/runtime.ts';
import { FraudstreamError } from '../../errors.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { plan } from '../../kinesis/producer/plan.ts';
import { listedShards } from '../../kinesis/retries.ts';
import { ShardMap } from '../../kinesis/shard-map.ts';
import { peakRate } from '../../pacing/pace-settings.ts';
import { planText } from '../../report/text/delivery-text.ts';
import { take } from '../../stream/async-iterables.ts';
import type { UserRecord } from '../../transactions/user-record.ts';
import { producerOf } from '../shared/flags/producer-flags.ts';
import type { OpenStream } from '../shared/open-stream.ts';
import { paceOf, type RecordSource } from '../shared/source.ts';
import { writeReport } from '../shared/write-report.ts';
import type { ProduceValues } from './flags.ts';

/** Records looked at: enough to see a skewed key among a hundred shards. */
const SAMPLE = 50_000;

/** Reports what the run would put to each shard of the stream, and sends nothing. */
export async function reportPlan(
  source: RecordSource,
  { client, name, place }: OpenStream,
  values: ProduceValues,
  runtime: Runtime,
): Promise<ExitCode> {
  const map = new ShardMap(await listedShards(client, { ...runtime, isFirstCall: true }));
  const sample: UserRecord[] = [];
  const wanted = Math.min(values.count ?? SAMPLE, SAMPLE);
  for await (const group of take<UserRecord>(source.groups, wanted)) sample.push(...group);
  if (sample.length === 0) {
    throw new FraudstreamError('bad-data', 'The input is empty, so there is nothing to plan.');
  }
  const planned = plan(sample, map, peakRate(paceOf(values)), producerOf(values));
  const figures = { stream: { name, location: place }, plan: planned };
  const title = `Would produce to ${name} (${place}); nothing was sent`;
  return writeReport('produce', figures, [title, ...planText(planned)], values, runtime);
}
