import type { Runtime } from '../../cli/runtime.ts';
import type { ExitCode } from '../../exit-codes.ts';
import {
  RecordingFiles,
  type RecordingValues,
  recordingNames,
} from '../../files/recording/recording-files.ts';
import { consume } from '../../kinesis/consumer/consume.ts';
import { ConsumeStats, type ConsumeSummary } from '../../metrics/consume-stats.ts';
import { consumeText } from '../../report/text/delivery-text.ts';
import { bytes, count } from '../../text/format.ts';
import { withCheckpointLock } from '../shared/checkpoint-lock.ts';
import { type OpenStream, openRemote, type RemoteValues } from '../shared/open-stream.ts';
import {
  openCheckpoint,
  type ReadingValues,
  readingOf,
  readingProgress,
} from '../shared/reading.ts';
import { type ReportValues, writeReport } from '../shared/write-report.ts';

/** Everything that `record` can be told. */
export interface RecordValues extends RemoteValues, ReadingValues, RecordingValues, ReportValues {
  readonly duration: number | undefined;
}

/** One recording, its ends open. */
interface Run {
  readonly values: RecordValues;
  readonly runtime: Runtime;
  readonly stream: OpenStream;
  readonly intake: ConsumeStats;
  readonly ended: AbortController;
}

/** Stream to files, one record a line with its arrival; what was read is on disk, however it ends. */
export function record(values: RecordValues, runtime: Runtime): Promise<ExitCode> {
  return withCheckpointLock(values.checkpoint, runtime, () => recorded(values, runtime));
}

async function recorded(values: RecordValues, runtime: Runtime): Promise<ExitCode> {
  const names = await recordingNames(values, runtime);
  const stream = await openRemote(values);
  const run = { values, runtime, stream, intake: new ConsumeStats(), ended: new AbortController() };
  const { clock } = runtime;
  const startedAt = clock.now();
  try {
    const checkpoint = await openCheckpoint(values, stream, runtime);
    const failed = (): void => run.ended.abort();
    const files = new RecordingFiles(names, values, checkpoint, runtime, failed);
    const shown = readingProgress(run.intake, values, runtime);
    try {
      await readAll(run, files, readingOf(values, checkpoint));
    } finally {
      shown.stop();
      await files.publish();
    }
    await checkpoint?.save();
    return await report(run, files, startedAt);
  } finally {
    run.ended.abort();
    await stream.close();
  }
}

/** Writes batch after batch, until the count, the duration, the end of the stream, or a signal. */
async function readAll(
  { values, runtime, stream, intake, ended }: Run,
  files: RecordingFiles,
  settings: ReturnType<typeof readingOf>,
): Promise<void> {
  const { clock } = runtime;
  const stop = AbortSignal.any([runtime.stop, ended.signal]);
  if (values.duration !== undefined) {
    void clock.sleep(values.duration, stop).then(() => ended.abort());
  }
  const most = values.count ?? Number.POSITIVE_INFINITY;
  for await (const batch of consume(stream.client, { clock, stop }, settings)) {
    const records = batch.records.slice(0, most - intake.records);
    await files.write(batch, records);
    intake.add(records, batch.entries, batch.damagedAggregates);
    if (intake.records >= most) return;
  }
}

async function report(
  { values, runtime, stream, intake }: Run,
  { files, wrapped }: RecordingFiles,
  startedAt: number,
): Promise<ExitCode> {
  const { name, place } = stream;
  const summary = intake.summary((runtime.clock.now() - startedAt) / 1000);
  const figures = {
    startedAt: new Date(startedAt).toISOString(),
    stream: { name, location: place },
    intake: summary,
    wrapped,
    files,
  };
  const text = [`Recorded from ${name} (${place})`, ...textOf(summary, files, wrapped)];
  return writeReport('record', figures, text, values, runtime);
}

function textOf(
  summary: ConsumeSummary,
  files: RecordingFiles['files'],
  wrapped: number,
): readonly string[] {
  const lines = files.reduce((sum, file) => sum + file.lines, 0);
  const size = files.reduce((sum, file) => sum + file.bytes, 0);
  const [first, last] = [files[0]?.path, files.at(-1)?.path];
  const names = first === last ? first : `${first} to ${last}`;
  return [
    ...consumeText(summary),
    `  Written          ${count(lines)} lines in ${plural(files.length, 'file')} (${bytes(size)})`,
    ...(first === undefined ? [] : [`  Files            ${names}`]),
    ...(wrapped > 0
      ? [`  Wrapped          ${count(wrapped)} payloads that are no JSON object on one line`]
      : []),
  ];
}

function plural(number: number, word: string): string {
  return `${count(number)} ${word}${number === 1 ? '' : 's'}`;
}
