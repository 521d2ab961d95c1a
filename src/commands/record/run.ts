import type { Runtime } from '../../cli/runtime.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { decodedPayload } from '../../files/decoded-payload.ts';
import type { FileNames } from '../../files/recording/file-names.ts';
import { type RecordResult, record as recordStream } from '../../files/recording/record.ts';
import type { RecordedFile, Rotation } from '../../files/recording/recording.ts';
import { recordingNames } from '../../files/recording/recording-files.ts';
import { snakeCased } from '../../metrics/snake-case.ts';
import { consumeText } from '../../report/text/delivery-text.ts';
import { bytes, count } from '../../text/format.ts';
import { jsonLine } from '../../text/printable.ts';
import { withCheckpointLock } from '../shared/checkpoint-lock.ts';
import { contractOf } from '../shared/contract.ts';
import { type Observers, observed } from '../shared/observed.ts';
import { openReader } from '../shared/open-reader.ts';
import { type OpenStream, openRemote } from '../shared/open-stream.ts';
import { observedReading, openCheckpoint, readingOf, readingProgress } from '../shared/reading.ts';
import { writeReport } from '../shared/write-report.ts';
import type { RecordValues } from './flags.ts';

/** Stream to files, one record a line with its arrival; what was read is on disk, however it ends. */
export function record(values: RecordValues, runtime: Runtime): Promise<ExitCode> {
  return observed('record', values, runtime, (observers, watched) =>
    recordStreamOf(values, watched, observers),
  );
}

function recordStreamOf(
  values: RecordValues,
  runtime: Runtime,
  observers: Observers,
): Promise<ExitCode> {
  return withCheckpointLock(values.checkpoint, runtime, async () => {
    const rotation = { sizeBytes: values.rotateSize, timeMs: values.rotateTime };
    const names = await recordingNames(values.out, rotation);
    for (const path of names.unfinished) {
      await runtime.err.print(`${path} was left unfinished by an earlier run and is not changed.`);
    }
    const stream = await openReader(await openRemote(values, 'read', runtime), values, runtime);
    try {
      const result = await recorded(stream, names, rotation, values, runtime, observers);
      return await report(result, stream, values, runtime);
    } finally {
      await stream.close();
    }
  });
}

async function recorded(
  stream: OpenStream,
  names: FileNames,
  rotation: Rotation,
  values: RecordValues,
  runtime: Runtime,
  observers: Observers,
): Promise<RecordResult> {
  const { clock, stop, out } = runtime;
  const checkpoint = await openCheckpoint(values, stream, runtime);
  const read = readingOf(values, checkpoint);
  let progress: { stop(): void } | undefined;
  try {
    const contract = await contractOf(values);
    const decode = contract && ((data: Uint8Array) => decodedPayload(contract, data));
    const settings = { read, rotation, durationMs: values.duration, decode };
    return await recordStream(stream.client, names, settings, {
      ...{ clock, stop, checkpoint },
      onStart: (stats) => {
        progress = readingProgress(stats, values, runtime);
        observers.watch(observedReading(stats, values, runtime));
      },
      onFile: async (file) => {
        if (values.output === 'ndjson') await out.write(jsonLine(snakeCased(file)));
      },
    });
  } finally {
    progress?.stop();
  }
}

function report(
  { startedAt, ...result }: RecordResult,
  { name, place }: OpenStream,
  values: RecordValues,
  runtime: Runtime,
): Promise<ExitCode> {
  const { intake, reading, wrapped, files } = result;
  const started = new Date(startedAt).toISOString();
  const stream = { name, location: place };
  const latency = { reading };
  const figures = { startedAt: started, stream, intake, latency, wrapped, files };
  const written = writtenText(files);
  const wrappedText = `  Wrapped          ${count(wrapped)} payloads that are no JSON object on one line`;
  const text = [`Recorded from ${name} (${place})`, ...consumeText(intake, reading), ...written];
  const all = wrapped > 0 ? [...text, wrappedText] : text;
  return writeReport('record', figures, all, values, runtime);
}

function writtenText(files: readonly RecordedFile[]): readonly string[] {
  const lines = files.reduce((sum, file) => sum + file.lines, 0);
  const size = files.reduce((sum, file) => sum + file.bytes, 0);
  const [first, last] = [files[0]?.path, files.at(-1)?.path];
  const names = first === last ? first : `${first} to ${last}`;
  const number = `${count(files.length)} file${files.length === 1 ? '' : 's'}`;
  return [
    `  Written          ${count(lines)} lines in ${number} (${bytes(size)})`,
    ...(first === undefined ? [] : [`  Files            ${names}`]),
  ];
}
