import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { consume as read } from '../../kinesis/consume.ts';
import { CheckpointFile } from '../../kinesis/consumer/checkpoint-file.ts';
import { bytesPerSecond, count, perSecond } from '../../reporting/format.ts';
import { Intake } from '../../reporting/intake.ts';
import { intakeText } from '../../reporting/intake-text.ts';
import { progress } from '../../reporting/progress.ts';
import type { Outside } from '../outside.ts';
import { consumedLines } from './consumed-lines.ts';
import type { ProgressValues } from './delivery-progress.ts';
import { type ReadingValues, readingOf } from './reading.ts';
import { type ReportValues, writeReport } from './report.ts';
import { openRemote, type RemoteValues } from './stream.ts';

/** Everything that `consume` can be told. */
export interface ConsumeValues
  extends RemoteValues,
    ReadingValues,
    ProgressValues,
    Pick<ReportValues, 'report'> {
  readonly checkpoint: string | undefined;
  readonly count: number | undefined;
  readonly metadata: boolean;
}

/** Stream to stdout, one record a line; the figures go to stderr. */
export async function consume(values: ConsumeValues, outside: Outside): Promise<ExitCode> {
  const { clock, stop, out } = outside;
  const stream = await openRemote(values);
  const checkpoint =
    values.checkpoint === undefined
      ? undefined
      : await CheckpointFile.open(values.checkpoint, stream.name, values.from, clock);
  const intake = new Intake();
  const shown = progress(
    values.progress,
    values.count,
    momentOf(intake, outside),
    outside.err,
    clock,
  );
  const startedAt = clock.now();
  try {
    const most = values.count ?? Number.POSITIVE_INFINITY;
    for await (const batch of read(stream.client, { clock, stop }, readingOf(values, checkpoint))) {
      const records = batch.records.slice(0, most - intake.records);
      if (records.length > 0) await out.write(consumedLines(records, values.metadata));
      intake.add(records, batch.entries, batch.damagedAggregates);
      await checkpoint?.passed(batch, records);
      if (intake.records >= most) break;
    }
  } finally {
    shown.stop();
    await checkpoint?.save();
    await stream.close();
  }
  const summary = intake.summary((clock.now() - startedAt) / 1000);
  const text = [`Consumed from ${stream.name} (${stream.place})`, ...intakeText(summary)];
  const figures = { startedAt: new Date(startedAt).toISOString(), intake: summary };
  await writeReport('consume', figures, text, { ...values, output: 'ndjson' }, outside);
  return exitCodes.held;
}

type Momentary = () => { readonly done: number; readonly text: string };

function momentOf(intake: Intake, { clock }: Pick<Outside, 'clock'>): Momentary {
  let before = { at: clock.now(), records: 0, bytes: 0 };
  return () => {
    const { records, bytes } = intake;
    const at = clock.now();
    const seconds = (at - before.at) / 1000;
    const rate = perSecond((records - before.records) / seconds);
    const volume = bytesPerSecond((bytes - before.bytes) / seconds);
    before = { at, records, bytes };
    return { done: records, text: `${count(records)} read, ${rate}, ${volume}` };
  };
}
