import type { ConsumeSettings } from '../../kinesis/consume.ts';
import type { CheckpointFile, From } from '../../kinesis/consumer/checkpoint-file.ts';

/** What the flags say about where and how a stream is read. */
export interface ReadingValues {
  readonly from: From;
  readonly idleTimeout: number | undefined;
  readonly pollInterval: number;
  readonly limit: number;
}

/** How a stream is read: from where the checkpoint stands, or from where the flags say. */
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
