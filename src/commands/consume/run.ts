import type { Runtime } from '../../cli/runtime.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { consume as read } from '../../kinesis/consumer/consume.ts';
import { ConsumeStats } from '../../metrics/consume-stats.ts';
import { consumeText } from '../../report/text/delivery-text.ts';
import { withCheckpointLock } from '../shared/checkpoint-lock.ts';
import { openRemote, type RemoteValues } from '../shared/open-stream.ts';
import {
  consumedLines,
  openCheckpoint,
  type ReadingValues,
  readingOf,
  readingProgress,
} from '../shared/reading.ts';
import { type ReportValues, writeReport } from '../shared/write-report.ts';

/** Everything that `consume` can be told. */
export interface ConsumeValues extends RemoteValues, ReadingValues, Pick<ReportValues, 'report'> {
  readonly metadata: boolean;
}

/** Stream to stdout, one record a line; the figures go to stderr. */
export function consume(values: ConsumeValues, runtime: Runtime): Promise<ExitCode> {
  return withCheckpointLock(values.checkpoint, runtime, () => consumed(values, runtime));
}

async function consumed(values: ConsumeValues, runtime: Runtime): Promise<ExitCode> {
  const { clock, stop, out } = runtime;
  const stream = await openRemote(values);
  const checkpoint = await openCheckpoint(values, stream, runtime);
  const intake = new ConsumeStats();
  const shown = readingProgress(intake, values, runtime);
  const startedAt = clock.now();
  try {
    const most = values.count ?? Number.POSITIVE_INFINITY;
    const settings = readingOf(values, checkpoint);
    for await (const batch of read(stream.client, { clock, stop }, settings)) {
      const records = batch.records.slice(0, most - intake.records);
      if (records.length > 0) await out.write(consumedLines(records, values.metadata));
      // Nobody has read these: the next run brings them again.
      if (out.isGone) break;
      intake.add(records, batch.entries, batch.damagedAggregates);
      await checkpoint?.passed(batch, records);
      if (intake.records >= most) break;
    }
  } finally {
    shown.stop();
    await stream.close();
    await checkpoint?.save();
  }
  const summary = intake.summary((clock.now() - startedAt) / 1000);
  const text = [`Consumed from ${stream.name} (${stream.place})`, ...consumeText(summary)];
  const figures = { startedAt: new Date(startedAt).toISOString(), intake: summary };
  return writeReport('consume', figures, text, { ...values, output: 'ndjson' }, runtime);
}
