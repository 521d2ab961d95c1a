import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { arrivalLine } from '../../files/arrival.ts';
import { Recording } from '../../files/recording.ts';
import { consume, type ShardBatch } from '../../kinesis/consume.ts';
import { CheckpointFile } from '../../kinesis/consumer/checkpoint-file.ts';
import type { ConsumedRecord } from '../../records/consumed-record.ts';
import { count } from '../../reporting/format.ts';
import { Intake } from '../../reporting/intake.ts';
import { intakeText } from '../../reporting/intake-text.ts';
import { progress } from '../../reporting/progress.ts';
import type { Outside } from '../outside.ts';
import type { ProgressValues } from './delivery-progress.ts';
import { type ReadingValues, readingOf } from './reading.ts';
import { type ReportValues, writeReport } from './report.ts';
import { openRemote, type RemoteValues } from './stream.ts';

/** Everything that `record` can be told. */
export interface RecordValues
  extends RemoteValues,
    ReadingValues,
    ProgressValues,
    Pick<ReportValues, 'report'> {
  readonly out: string;
  readonly rotateSize: number | undefined;
  readonly rotateTime: number | undefined;
  readonly checkpoint: string | undefined;
  readonly count: number | undefined;
  readonly duration: number | undefined;
}

const LINE_FEED = Buffer.from('\n');

/** Stream to files: each record a line with its arrival; the checkpoint follows complete files. */
export async function record(values: RecordValues, outside: Outside): Promise<ExitCode> {
  const { clock } = outside;
  const stream = await openRemote(values);
  const { checkpoint: path } = values;
  const checkpoint = path && (await CheckpointFile.open(path, stream.name, values.from, clock));
  const pending = new Pending(checkpoint || undefined);
  const rotation = { size: values.rotateSize, time: values.rotateTime };
  const recording = await Recording.begin(values.out, rotation, clock, () => pending.settle());
  const intake = new Intake();
  const moment = () => ({ done: intake.records, text: `${count(intake.records)} recorded` });
  const shown = progress(values.progress, values.count, moment, outside.err, clock);
  const startedAt = clock.now();
  const stop = stopAfter(values.duration, outside);
  try {
    const most = values.count ?? Number.POSITIVE_INFINITY;
    const settings = readingOf(values, checkpoint || undefined);
    for await (const batch of consume(stream.client, { clock, stop }, settings)) {
      const records = batch.records.slice(0, most - intake.records);
      pending.add(batch, records);
      intake.add(records, batch.entries, batch.damagedAggregates);
      if (records.length > 0) await recording.write(linesOf(records));
      else await recording.tick();
      if (intake.records >= most) break;
    }
  } finally {
    shown.stop();
    await recording.close();
    await pending.settle();
    await stream.close();
  }
  const summary = intake.summary((clock.now() - startedAt) / 1000);
  const title = `Recorded ${stream.name} (${stream.place}) to ${recording.paths.join(', ') || 'nothing'}`;
  const figures = {
    startedAt: new Date(startedAt).toISOString(),
    files: recording.paths,
    intake: summary,
  };
  const text = [title, ...intakeText(summary)];
  await writeReport('record', figures, text, { ...values, output: 'ndjson' }, outside);
  return exitCodes.held;
}

/** What was written and does not lie in a complete file yet: the last batch of each shard. */
class Pending {
  readonly #checkpoint: CheckpointFile | undefined;
  readonly #batches = new Map<string, readonly [ShardBatch, readonly ConsumedRecord[]]>();

  constructor(checkpoint: CheckpointFile | undefined) {
    this.#checkpoint = checkpoint;
  }

  add(batch: ShardBatch, records: readonly ConsumedRecord[]): void {
    this.#batches.set(batch.shardId, [batch, records]);
  }

  async settle(): Promise<void> {
    for (const [batch, records] of this.#batches.values()) {
      await this.#checkpoint?.passed(batch, records);
    }
    this.#batches.clear();
    await this.#checkpoint?.save();
  }
}

function linesOf(records: readonly ConsumedRecord[]): Uint8Array {
  return Buffer.concat(records.flatMap((each) => [arrivalLine(each), LINE_FEED]));
}

/** Aborts with the signal of the run, or after so long. */
function stopAfter(ms: number | undefined, { clock, stop }: Outside): AbortSignal {
  if (ms === undefined) return stop;
  const end = new AbortController();
  stop.addEventListener('abort', () => end.abort(), { once: true });
  if (stop.aborted) end.abort();
  void clock.sleep(ms, stop).then(() => end.abort());
  return end.signal;
}
