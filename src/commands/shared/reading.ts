import type { Runtime } from '../../cli/runtime.ts';
import type { Values } from '../../cli/settings/define-setting.ts';
import { CheckpointFile } from '../../kinesis/consumer/checkpoint.ts';
import type { ConsumeSettings } from '../../kinesis/consumer/consume.ts';
import type { ConsumeStats } from '../../metrics/consume-stats.ts';
import { type Progress, type ProgressMoment, progress } from '../../report/progress.ts';
import { bytesPerSecond, count, perSecond } from '../../text/format.ts';
import type { readingSettings } from './flags/reading-flags.ts';
import type { ObservedRun } from './observed.ts';
import type { OpenStream } from './open-stream.ts';
import type { ProgressValues } from './progress.ts';

/** The flags that say which part of a stream is read, and how. */
export type ReadingValues = Values<typeof readingSettings> & ProgressValues;

/** The checkpoint of the flags, if they name one. */
export async function openCheckpoint(
  { checkpoint, from }: ReadingValues,
  { name, client }: Pick<OpenStream, 'name' | 'client'>,
  { clock }: Pick<Runtime, 'clock'>,
): Promise<CheckpointFile | undefined> {
  if (checkpoint === undefined) return undefined;
  return CheckpointFile.open(checkpoint, name, from, clock, await client.identity?.());
}

/** Where and how to read, by the flags and the checkpoint. */
export function readingOf(
  values: ReadingValues,
  checkpoint: CheckpointFile | undefined,
): ConsumeSettings {
  return {
    // A first reading at `latest` asks for just that: no clock is as exact as the stream's end.
    ...(checkpoint && (checkpoint.isResumed || values.from !== 'latest')
      ? checkpoint.beginning
      : { from: values.from }),
    limit: values.getRecordsLimit,
    pollIntervalMs: values.pollInterval,
    idleMs: values.idleTimeout,
    count: values.count,
  };
}

/** Shows how many records have been read, and how many a second. */
export function readingProgress(
  intake: ConsumeStats,
  values: ReadingValues,
  { clock, err }: Pick<Runtime, 'clock' | 'err'>,
): Progress {
  return progress(values.progress, values.count, readingMoment(intake, clock), err, clock);
}

/** A reading as it goes on, for those who watch it. */
export function observedReading(
  intake: ConsumeStats,
  { count: total }: ReadingValues,
  { clock }: Pick<Runtime, 'clock'>,
): ObservedRun {
  const startedAt = clock.now();
  return {
    figures: () => ({
      intake: intake.summary((clock.now() - startedAt) / 1000),
      latency: { reading: intake.reading() },
    }),
    newMoment: () => readingMoment(intake, clock),
    total,
  };
}

function readingMoment(intake: ConsumeStats, clock: Runtime['clock']): ProgressMoment {
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
