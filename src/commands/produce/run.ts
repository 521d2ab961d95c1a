import type { Runtime } from '../../cli/runtime.ts';
import { FraudstreamError } from '../../errors.ts';
import { type ExitCode, exitCodes, strongest } from '../../exit-codes.ts';
import { plan } from '../../kinesis/producer/plan.ts';
import type { ProducerSettings } from '../../kinesis/producer/producer-settings.ts';
import { put } from '../../kinesis/producer/put.ts';
import { listedShards } from '../../kinesis/retries.ts';
import { ShardMap } from '../../kinesis/shard-map.ts';
import { Delivery, type DeliverySummary } from '../../metrics/delivery.ts';
import { snakeCased } from '../../metrics/snake-case.ts';
import { deliveryText, planText } from '../../report/text/delivery-text.ts';
import { take } from '../../stream/async-iterables.ts';
import { count } from '../../text/format.ts';
import type { Receipt, UserRecord } from '../../transactions/user-record.ts';
import { AbortOnThreshold, type GuardValues } from '../shared/abort-on-threshold.ts';
import { type OpenStream, openStream, type StreamValues } from '../shared/open-stream.ts';
import { deliveryProgress, type ProgressValues } from '../shared/progress.ts';
import {
  openRecordSource,
  type PaceValues,
  paced,
  peakRate,
  plannedCount,
  type RecordSource,
  type RecordSourceValues,
  ready,
} from '../shared/source.ts';
import { checkThresholds } from '../shared/thresholds.ts';
import { brokenBy, type ReportValues, writeReport } from '../shared/write-report.ts';

/** Everything that `produce` can be told. */
export interface ProduceValues
  extends StreamValues,
    RecordSourceValues,
    PaceValues,
    GuardValues,
    ProgressValues,
    ReportValues {
  readonly dryRun: boolean;
  readonly producer: ProducerSettings;
}

/** One run of `produce`, its ends open. */
export interface ProduceRun {
  readonly source: RecordSource;
  readonly stream: OpenStream;
  readonly values: ProduceValues;
  readonly runtime: Runtime;
}

/** Source to stream: paced, aggregated, put; every record's receipt goes into the report. */
export async function produce(values: ProduceValues, runtime: Runtime): Promise<ExitCode> {
  checkThresholds(values.failIf, { delivery: new Delivery().summary(0) });
  const source = await openRecordSource(
    { ...values, s3IdleTimeout: values.requestTimeout },
    runtime,
  );
  const stream = await openStream(values);
  try {
    const run = { source, stream, values, runtime };
    return await (values.dryRun ? dryRun(run) : deliver(run));
  } finally {
    await stream.close();
    await source.close();
  }
}

async function deliver(run: ProduceRun): Promise<ExitCode> {
  const { source, stream, values } = run;
  const guard = new AbortOnThreshold(values, run.runtime);
  const { runtime } = guard;
  const { clock } = runtime;
  const delivery = new Delivery();
  const records = await ready<UserRecord>(source.groups, values);
  const progress = deliveryProgress(delivery, plannedCount(values), values, runtime);
  const startedAt = clock.now();
  guard.watch(() => ({ delivery: delivery.summary((clock.now() - startedAt) / 1000) }));
  const broken = await putAll({ ...run, runtime }, records, delivery);
  guard.end();
  progress.stop();
  const summary = delivery.summary((clock.now() - startedAt) / 1000);
  let crossed: ExitCode = exitCodes.ok;
  // A run that broke in the middle has its report; one that never began has none.
  if (!broken || summary.sent > 0) {
    const figures = {
      startedAt: new Date(startedAt).toISOString(),
      ...(broken && { endedBy: brokenBy(broken.by) }),
      stream: { name: stream.name, location: stream.place },
      source: { ...source.origin, rejectedLines: source.rejected() },
      delivery: summary,
    };
    const text = reportText(summary, source, stream);
    crossed = await writeReport('produce', figures, text, values, runtime);
  }
  if (broken) throw broken.by;
  const undelivered = delivery.failed > 0 ? exitCodes.undelivered : exitCodes.ok;
  return strongest(undelivered, crossed, source.rejected() > 0 ? exitCodes.badData : exitCodes.ok);
}

/** Puts everything; an error that ends it comes back, because the report comes before it. */
async function putAll(
  { stream, values, runtime }: ProduceRun,
  records: AsyncIterable<readonly UserRecord[]>,
  delivery: Delivery,
): Promise<{ readonly by: unknown } | undefined> {
  const { clock, random, stop, out } = runtime;
  const dependencies = { clock, random, stop, observe: delivery.addRequest.bind(delivery) };
  const due = paced(records, values, runtime);
  try {
    for await (const receipts of put(due, stream.client, dependencies, values.producer)) {
      delivery.add(receipts);
      if (values.output === 'ndjson') await out.write(receiptLines(receipts));
    }
    return undefined;
  } catch (by) {
    return { by };
  }
}

function receiptLines(receipts: readonly Receipt[]): string {
  return receipts.map((receipt) => `${JSON.stringify(snakeCased(receipt))}\n`).join('');
}

function reportText(
  summary: DeliverySummary,
  { origin, rejected }: RecordSource,
  { name, place }: OpenStream,
): readonly string[] {
  const from = 'seed' in origin ? `a generated world, seed ${origin.seed}` : origin.input;
  const bad = rejected() > 0 ? [`  ${count(rejected())} bad lines of the input were not sent`] : [];
  return [`Produced to ${name} (${place}) from ${from}`, ...bad, ...deliveryText(summary)];
}

/** Records looked at: enough to see a skewed key among a hundred shards. */
const SAMPLE = 50_000;

/** Says what the run would mean to each shard of the stream, and sends nothing. */
export async function dryRun({ source, stream, values, runtime }: ProduceRun): Promise<ExitCode> {
  const map = new ShardMap(await listedShards(stream.client, { ...runtime, isFirstCall: true }));
  const sample: UserRecord[] = [];
  const wanted = Math.min(values.count ?? SAMPLE, SAMPLE);
  for await (const group of take(source.groups, wanted)) sample.push(...group);
  if (sample.length === 0) {
    throw new FraudstreamError('bad-data', 'There is no record to plan with: the input is empty.');
  }
  const planned = plan(sample, map, peakRate(values), values.producer);
  const figures = { stream: { name: stream.name, location: stream.place }, plan: planned };
  const title = `Would produce to ${stream.name} (${stream.place}); nothing was sent`;
  return writeReport('produce', figures, [title, ...planText(planned)], values, runtime);
}
