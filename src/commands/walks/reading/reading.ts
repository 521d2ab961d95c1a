import type { ConsumeSettings } from '../../../kinesis/consume.ts';
import { CheckpointFile, type From } from '../../../kinesis/consumer/checkpoint-file.ts';
import { bytesPerSecond, count, perSecond } from '../../../reporting/format.ts';
import type { Intake } from '../../../reporting/intake.ts';
import { type Progress, progress } from '../../../reporting/progress.ts';
import type { Outside } from '../../outside.ts';
import type { ProgressValues } from '../reports/delivery-progress.ts';
import type { OpenStream } from '../sources/stream.ts';

/** What the flags say about which part of a stream is read, and how. */
export interface ReadingValues extends ProgressValues {
  readonly from: From;
  readonly checkpoint: string | undefined;
  readonly count: number | undefined;
  readonly idleTimeout: number | undefined;
  readonly pollInterval: number;
  readonly limit: number;
}

/** The checkpoint of the flags, if they name one. */
export async function openCheckpoint(
  { checkpoint, from }: ReadingValues,
  { name }: Pick<OpenStream, 'name'>,
  { clock }: Pick<Outside, 'clock'>,
): Promise<CheckpointFile | undefined> {
  return checkpoint === undefined ? undefined : CheckpointFile.open(checkpoint, name, from, clock);
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
    limit: values.limit,
    pollIntervalMs: values.pollInterval,
    idleMs: values.idleTimeout,
  };
}

/** Shows how many records have been read, and how many a second. */
export function readingProgress(
  intake: Intake,
  values: ReadingValues,
  { clock, err }: Pick<Outside, 'clock' | 'err'>,
): Progress {
  let before = { at: clock.now(), records: 0, bytes: 0 };
  const moment = (): { readonly done: number; readonly text: string } => {
    const { records, bytes } = intake;
    const at = clock.now();
    const seconds = (at - before.at) / 1000;
    const rate = perSecond((records - before.records) / seconds);
    const volume = bytesPerSecond((bytes - before.bytes) / seconds);
    before = { at, records, bytes };
    return { done: records, text: `${count(records)} read, ${rate}, ${volume}` };
  };
  return progress(values.progress, values.count, moment, err, clock);
}
