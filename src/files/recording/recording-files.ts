import { FraudstreamError } from '../../errors.ts';
import type { CheckpointFile } from '../../kinesis/consumer/checkpoint.ts';
import type { ShardBatch } from '../../kinesis/consumer/consume.ts';
import type { Clock } from '../../stream/clock.ts';
import type { ConsumedRecord } from '../../transactions/arrival.ts';
import { arrivalLine, recordJson } from '../../transactions/arrival.ts';
import { type FileNames, numberedNames, oneName } from './file-names.ts';
import { type RecordedFile, Recording, type RecordingEvents, type Rotation } from './recording.ts';

/**
 * The names of the files of a recording: one, or numbered ones where files are rotated.
 *
 * Errors: `usage` for names that cannot be written, or that say another form than NDJSON.
 */
export async function recordingNames(path: string, rotation: Rotation): Promise<FileNames> {
  if (path === '-') {
    throw new FraudstreamError('usage', '--out - is stdout, where "fraudstream consume" writes.');
  }
  const ending = /\.(csv|parquet|avro)(\.gz)?$/i.exec(path)?.[0];
  if (ending) {
    const message = `--out ${path}: a recording is NDJSON. Let the name end in .ndjson or .ndjson.gz, not ${ending}.`;
    throw new FraudstreamError('usage', message);
  }
  const isRotated = rotation.sizeBytes !== undefined || rotation.timeMs !== undefined;
  return isRotated ? numberedNames(path) : oneName(path);
}

/** Turns a payload into a line of JSON; `undefined` for what stays as it came. */
export type Decode = (data: Uint8Array) => Uint8Array | undefined;

/** The files of a recording, and a checkpoint that never runs ahead of them. */
export class RecordingFiles {
  readonly files: RecordedFile[] = [];
  readonly #recording: Recording;
  readonly #checkpoint: CheckpointFile | undefined;
  readonly #decode: Decode;
  #wrapped = 0;

  /** `events.published` is called when a file is in place and the checkpoint knows of it. */
  constructor(
    names: FileNames,
    rotation: Rotation,
    checkpoint: CheckpointFile | undefined,
    clock: Clock,
    events: RecordingEvents,
    decode: Decode = () => undefined,
  ) {
    this.#decode = decode;
    this.#checkpoint = checkpoint;
    const published = async (file: RecordedFile): Promise<void> => {
      this.files.push(file);
      await checkpoint?.save();
      await events.published(file);
    };
    this.#recording = new Recording(names, rotation, clock, { ...events, published });
  }

  /** Payloads that were no JSON object on one line, and stand in an object about the record. */
  get wrapped(): number {
    return this.#wrapped;
  }

  /** Writes the records of a batch. */
  async write(batch: ShardBatch): Promise<void> {
    const { records } = batch;
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
    const line = arrivalLine(this.#decode(record.data) ?? record.data, record.arrivedAt);
    if (line) return line;
    this.#wrapped += 1;
    return Buffer.from(recordJson(record));
  }
}
