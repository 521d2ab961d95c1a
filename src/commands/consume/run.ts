import type { Runtime } from '../../cli/runtime.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { decodedPayload } from '../../files/decoded-payload.ts';
import { consume as consumeStream } from '../../kinesis/consumer/consume.ts';
import { ConsumeStats } from '../../metrics/consume-stats.ts';
import { consumeText } from '../../report/text/delivery-text.ts';
import { type ConsumedRecord, recordJson } from '../../transactions/arrival.ts';
import { withCheckpointLock } from '../shared/checkpoint-lock.ts';
import { contractOf } from '../shared/contract.ts';
import { type Observers, observed } from '../shared/observed.ts';
import { openReader } from '../shared/open-reader.ts';
import { openRemote } from '../shared/open-stream.ts';
import { observedReading, openCheckpoint, readingOf, readingProgress } from '../shared/reading.ts';
import { writeReport } from '../shared/write-report.ts';
import type { ConsumeValues } from './flags.ts';

const LINE_FEED = Buffer.from('\n');

/** Stream to stdout, one record a line; the figures go to stderr. */
export function consume(values: ConsumeValues, runtime: Runtime): Promise<ExitCode> {
  return observed('consume', values, runtime, (observers, watched) =>
    withCheckpointLock(values.checkpoint, watched, () => consumed(values, watched, observers)),
  );
}

async function consumed(
  values: ConsumeValues,
  runtime: Runtime,
  observers: Observers,
): Promise<ExitCode> {
  const { clock, stop, out } = runtime;
  const stream = await openReader(await openRemote(values, 'read', runtime), values, runtime);
  const checkpoint = await openCheckpoint(values, stream, runtime);
  const contract = await contractOf(values);
  const decodedRecords = (records: readonly ConsumedRecord[]): readonly ConsumedRecord[] =>
    contract
      ? records.map((record) => ({
          ...record,
          data: decodedPayload(contract, record.data) ?? record.data,
        }))
      : records;
  const stats = new ConsumeStats();
  const progress = readingProgress(stats, values, runtime);
  observers.watch(observedReading(stats, values, runtime));
  const startedAt = clock.now();
  try {
    const settings = readingOf(values, checkpoint);
    for await (const batch of consumeStream(stream.client, { clock, stop }, settings)) {
      const { records } = batch;
      if (records.length > 0) await out.write(linesOf(decodedRecords(records), values.metadata));
      // Nobody has read these: the next run brings them again.
      if (out.isGone) break;
      stats.add(batch);
      await checkpoint?.passed(batch);
    }
  } finally {
    progress.stop();
    await stream.close();
    await checkpoint?.save();
  }
  const summary = stats.summary((clock.now() - startedAt) / 1000);
  const text = [
    `Consumed from ${stream.name} (${stream.place})`,
    ...consumeText(summary, stats.reading()),
  ];
  const figures = {
    startedAt: new Date(startedAt).toISOString(),
    intake: summary,
    latency: { reading: stats.reading() },
  };
  return writeReport('consume', figures, text, { ...values, output: 'ndjson' }, runtime);
}

/** Records as lines: their bare payload, or with `metadata` a JSON object about each. */
function linesOf(records: readonly ConsumedRecord[], metadata: boolean): Uint8Array {
  const lines = metadata
    ? records.map((record) => Buffer.from(recordJson(record)))
    : records.map(({ data }) => data);
  return Buffer.concat(lines.flatMap((line) => [line, LINE_FEED]));
}
