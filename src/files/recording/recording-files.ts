import type { Runtime } from '../../cli/runtime.ts';
import { described } from '../../commands/shared/reading.ts';
import { FraudstreamError } from '../../errors.ts';
import type { CheckpointFile } from '../../kinesis/consumer/checkpoint.ts';
import type { ShardBatch } from '../../kinesis/consumer/consume.ts';
import { snakeCased } from '../../metrics/snake-case.ts';
import { jsonLine } from '../../text/printable.ts';
import type { ConsumedRecord } from '../../transactions/arrival.ts';
import { arrivalLine } from '../../transactions/arrival.ts';
import { type FileNames, numberedNames, oneName } from './file-names.ts';
import { type RecordedFile, Recording } from './recording.ts';

/** What the flags say about the files of a recording. */
export interface RecordingValues {
  readonly out: string;
  readonly rotateSize: number | undefined;
  readonly rotateTime: number | undefined;
  readonly output: 'human' | 'json' | 'ndjson';
}

/** The names of the flags. Errors: `usage` for names that cannot be written. */
export async function recordingNames(
  { out, rotateSize, rotateTime }: RecordingValues,
  { err }: Pick<Runtime, 'err'>,
): Promise<FileNames> {
  if (out === '-') {
    throw new FraudstreamError('usage', '--out - is stdout, where "fraudstream consume" writes.');
  }
  const ending = /\.(csv|parquet|avro)(\.gz)?$/i.exec(out)?.[0];
  if (ending) {
    const message = `--out ${out}: a recording is NDJSON. Let the name end in .ndjson or .ndjson.gz, not ${ending}.`;
    throw new FraudstreamError('usage', message);
  }
  const isRotated = rotateSize !== undefined || rotateTime !== undefined;
  const names = await (isRotated ? numberedNames(out) : oneName(out));
  for (const path of names.unfinished) {
    await err.print(`${path} was left unfinished by an earlier run, and stays as it is.`);
  }
  return names;
}

/** The files of a recording, and a checkpoint that never runs ahead of them. */
export class RecordingFiles {
  readonly files: RecordedFile[] = [];
  /** Payloads that were no JSON object on one line, and stand in an object about the record. */
  wrapped: number = 0;
  readonly #recording: Recording;
  readonly #checkpoint: CheckpointFile | undefined;

  constructor(
    names: FileNames,
    values: RecordingValues,
    checkpoint: CheckpointFile | undefined,
    { clock, out }: Pick<Runtime, 'clock' | 'out'>,
    failed: () => void,
  ) {
    this.#checkpoint = checkpoint;
    const rotation = { sizeBytes: values.rotateSize, timeMs: values.rotateTime };
    const published = async (file: RecordedFile): Promise<void> => {
      this.files.push(file);
      await checkpoint?.save();
      if (values.output === 'ndjson') await out.write(jsonLine(snakeCased(file)));
    };
    this.#recording = new Recording(names, rotation, clock, { published, failed });
  }

  /** Writes the first records of a batch. */
  async write(batch: ShardBatch, records: readonly ConsumedRecord[]): Promise<void> {
    const lines = records.map((record) => this.#line(record));
    await this.#recording.write(lines, (count) =>
      this.#checkpoint?.note(batch, records.slice(0, count)),
    );
  }

  /** Puts the last file in place. */
  publish(): Promise<void> {
    return this.#recording.publish();
  }

  #line(record: ConsumedRecord): Uint8Array {
    const line = arrivalLine(record.data, record.arrivedAt);
    if (line) return line;
    this.wrapped += 1;
    return Buffer.from(described(record));
  }
}
