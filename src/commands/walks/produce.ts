import { type ExitCode, exitCodes, strongest } from '../../exit-codes.ts';
import type { ProducerSettings } from '../../kinesis/producer/producer-settings.ts';
import { put } from '../../kinesis/put.ts';
import type { Receipt } from '../../records/receipt.ts';
import { Delivery, type DeliverySummary } from '../../reporting/delivery.ts';
import { deliveryText } from '../../reporting/delivery-text.ts';
import { count } from '../../reporting/format.ts';
import { snakeCased } from '../../reporting/snake-case.ts';
import type { Outside } from '../outside.ts';
import { deliveryProgress, type ProgressValues } from './delivery-progress.ts';
import { dryRun } from './dry-run.ts';
import { type PaceValues, paced, plannedCount } from './paced.ts';
import { type ReportValues, writeReport } from './report.ts';
import { openSource, type Source, type SourceValues } from './source.ts';
import { type OpenStream, openStream, type StreamValues } from './stream.ts';

/** Everything that `produce` can be told. */
export interface ProduceValues
  extends StreamValues,
    SourceValues,
    PaceValues,
    ProgressValues,
    ReportValues {
  readonly dryRun: boolean;
  readonly producer: ProducerSettings;
}

/** Source to stream: paced, aggregated, put; every record's receipt goes into the report. */
export async function produce(values: ProduceValues, outside: Outside): Promise<ExitCode> {
  const source = await openSource(values, outside);
  const stream = await openStream(values);
  try {
    if (values.dryRun) return await dryRun(source, stream, values, outside);
    return await deliver(source, stream, values, outside);
  } finally {
    await stream.close();
  }
}

async function deliver(
  source: Source,
  stream: OpenStream,
  values: ProduceValues,
  outside: Outside,
): Promise<ExitCode> {
  const { clock, random } = outside;
  const delivery = new Delivery();
  const progress = deliveryProgress(delivery, plannedCount(values), values, outside);
  const means = { clock, random, observe: delivery.addRequest.bind(delivery) };
  const startedAt = clock.now();
  try {
    const due = paced(source.groups, values, outside);
    for await (const receipts of put(due, stream.client, means, values.producer)) {
      delivery.add(receipts);
      if (values.output === 'ndjson') await outside.out.write(receiptLines(receipts));
    }
  } finally {
    progress.stop();
    const summary = delivery.summary((clock.now() - startedAt) / 1000);
    const figures = {
      startedAt: new Date(startedAt).toISOString(),
      stream: { name: stream.name, place: stream.place },
      source: { ...source.origin, rejectedLines: source.rejected() },
      delivery: summary,
    };
    await writeReport('produce', figures, reportText(summary, source, stream), values, outside);
  }
  const undelivered = delivery.failed > 0 ? exitCodes.undelivered : exitCodes.held;
  return strongest(undelivered, source.rejected() > 0 ? exitCodes.badData : exitCodes.held);
}

function receiptLines(receipts: readonly Receipt[]): string {
  return receipts.map((receipt) => `${JSON.stringify(snakeCased(receipt))}\n`).join('');
}

function reportText(
  summary: DeliverySummary,
  { origin, rejected }: Source,
  { name, place }: OpenStream,
): readonly string[] {
  const from = 'seed' in origin ? `a generated world, seed ${origin.seed}` : origin.input;
  const bad = rejected() > 0 ? [`  ${count(rejected())} bad lines of the input were not sent`] : [];
  return [`Produced to ${name} (${place}) from ${from}`, ...bad, ...deliveryText(summary)];
}
