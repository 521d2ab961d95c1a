import type { Runtime } from '../../cli/runtime.ts';
import { type ExitCode, exitCodes, strongest } from '../../exit-codes.ts';
import { type DeliveryResult, produce as produceRecords } from '../../kinesis/producer/produce.ts';
import { Delivery } from '../../metrics/delivery.ts';
import { plannedCount } from '../../pacing/pace-settings.ts';
import { deliveryText } from '../../report/text/delivery-text.ts';
import { count } from '../../text/format.ts';
import { AbortOnThreshold } from '../shared/abort-on-threshold.ts';
import { producerOf } from '../shared/flags/producer-flags.ts';
import { type Observers, observed } from '../shared/observed.ts';
import { type OpenStream, openStream } from '../shared/open-stream.ts';
import { openRecordSource, paceOf, type RecordSource } from '../shared/source.ts';
import { checkThresholds, thresholdsOf } from '../shared/thresholds.ts';
import { watchedDelivery } from '../shared/watched-delivery.ts';
import { brokenBy, writeReport } from '../shared/write-report.ts';
import { reportPlan } from './dry-run.ts';
import type { ProduceValues } from './flags.ts';

/** Puts generated or recorded transactions to a stream at a rate, and reports. */
export async function produce(values: ProduceValues, runtime: Runtime): Promise<ExitCode> {
  checkThresholds(thresholdsOf(values), () => ({ delivery: new Delivery().summary(0) }));
  // The thread of the stream starts while the world is made.
  const stream = await openStream(values, runtime);
  try {
    const { requestTimeout: s3IdleTimeout } = values;
    const source = await openRecordSource({ ...values, s3IdleTimeout }, runtime);
    try {
      if (values.dryRun) return await reportPlan(source, stream, values, runtime);
      return await observed('produce', values, runtime, (observers, watched) =>
        deliver(source, stream, values, new AbortOnThreshold(values, watched), observers),
      );
    } finally {
      await source.close();
    }
  } finally {
    await stream.close();
  }
}

async function deliver(
  source: RecordSource,
  stream: OpenStream,
  values: ProduceValues,
  guard: AbortOnThreshold,
  observers: Observers,
): Promise<ExitCode> {
  const { runtime } = guard;
  const { clock, random, stop } = runtime;
  const settings = { pace: paceOf(values), producer: producerOf(values) };
  const result = await watchedDelivery(
    plannedCount(settings.pace),
    values,
    guard,
    observers,
    (watch) =>
      produceRecords(source.groups, stream.client, settings, { clock, random, stop, ...watch }),
  );
  const code = await report(result, source, stream, values, runtime);
  if (result.failure) throw result.failure.error;
  const undelivered = result.delivery.failed > 0 ? exitCodes.undelivered : exitCodes.ok;
  return strongest(undelivered, code, source.rejected() > 0 ? exitCodes.badData : exitCodes.ok);
}

/** A run that broke in the middle has its report; one that never began has none. */
async function report(
  { startedAt, delivery, series, failure }: DeliveryResult,
  { origin, rejected, figures: read }: RecordSource,
  { name, place }: OpenStream,
  values: ProduceValues,
  runtime: Runtime,
): Promise<ExitCode> {
  if (failure && delivery.sent === 0) return exitCodes.ok;
  const figures = {
    startedAt: new Date(startedAt).toISOString(),
    ...(failure && { endedBy: brokenBy(failure.error) }),
    stream: { name, location: place },
    source: { ...origin, ...read() },
    delivery,
    series,
  };
  const from = 'seed' in origin ? `a generated world, seed ${origin.seed}` : origin.input;
  const bad = rejected() > 0 ? [`  ${count(rejected())} bad lines of the input were not sent`] : [];
  const text = [`Produced to ${name} (${place}) from ${from}`, ...bad, ...deliveryText(delivery)];
  return writeReport('produce', figures, text, values, runtime);
}
