import type { CheckpointFile } from '../../kinesis/consumer/checkpoint.ts';
import { type ConsumeSettings, consume } from '../../kinesis/consumer/consume.ts';
import type { ReadClient } from '../../kinesis/read-client.ts';
import { ConsumeStats, type ConsumeSummary } from '../../metrics/consume-stats.ts';
import type { LatencySummary } from '../../metrics/latency.ts';
import type { Clock } from '../../stream/clock.ts';
import type { FileNames } from './file-names.ts';
import type { RecordedFile, Rotation } from './recording.ts';
import { type Decode, RecordingFiles } from './recording-files.ts';

/** Which part of a stream is recorded, and when a file ends. */
export interface RecordSettings {
  readonly read: ConsumeSettings;
  /** One file unless given. */
  readonly rotation?: Rotation;
  /** Ends after so long. */
  readonly durationMs?: number | undefined;
  /** Turns a payload into a line of JSON; `undefined` for what stays as it came. */
  readonly decode?: Decode | undefined;
}

/** What a recording needs, and who is called while it goes on. `stop` ends it; what was read is kept. */
export interface RecordDependencies {
  readonly clock: Clock;
  readonly stop: AbortSignal;
  /** Saved after each file, so that it never runs ahead of what is on disk. */
  readonly checkpoint?: CheckpointFile | undefined;
  /** Called once, before the first record, with the figures as they grow. */
  readonly onStart?: (stats: ConsumeStats) => void;
  /** Called with each file once it is in place. */
  readonly onFile?: (file: RecordedFile) => Promise<void>;
}

/**
 * What was recorded.
 *
 * Units: `startedAt` epoch milliseconds. `wrapped` payloads were no JSON object on one line, and
 * stand in an object about the record.
 */
export interface RecordResult {
  readonly startedAt: number;
  readonly intake: ConsumeSummary;
  /** From the arrival of a record in the stream until it was read. */
  readonly reading: LatencySummary;
  readonly wrapped: number;
  readonly files: readonly RecordedFile[];
}

/**
 * Writes the user records of a stream to files, one a line with its arrival as the last field.
 *
 * Each file is there whole or not at all, and none is written over; what was read is on disk,
 * however the recording ends. `recordingNames` makes the names.
 * Errors: those of `consume`; `usage` when a file cannot be written.
 */
export async function record(
  client: ReadClient,
  names: FileNames,
  { read, rotation = {}, durationMs, decode }: RecordSettings,
  dependencies: RecordDependencies,
): Promise<RecordResult> {
  const { clock, checkpoint, onStart, onFile } = dependencies;
  const ended = new AbortController();
  const stop = AbortSignal.any([dependencies.stop, ended.signal]);
  const published = async (file: RecordedFile): Promise<void> => onFile?.(file);
  const events = { published, failed: () => ended.abort() };
  const files = new RecordingFiles(names, rotation, checkpoint, clock, events, decode);
  const stats = new ConsumeStats();
  const startedAt = clock.now();
  onStart?.(stats);
  if (durationMs !== undefined) void clock.sleep(durationMs, stop).then(() => ended.abort());
  try {
    for await (const batch of consume(client, { clock, stop }, read)) {
      await files.write(batch);
      stats.add(batch);
    }
  } finally {
    ended.abort();
    await files.publish();
  }
  await checkpoint?.save();
  const intake = stats.summary((clock.now() - startedAt) / 1000);
  return {
    startedAt,
    intake,
    reading: stats.reading(),
    wrapped: files.wrapped,
    files: files.files,
  };
}
