import type { ConsumedRecord } from '../../records/consumed-record.ts';
import type { Clock } from '../../stream/clock.ts';
import type { ShardBatch } from '../consume.ts';
import type { Position } from '../read-client.ts';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';

/** The file is written at most so often, and once more at the end. */
const SAVE_EVERY_MS = 1_000;

/** Where a reading begins that has no checkpoint yet. */
export type From = 'latest' | 'trim-horizon' | { readonly timestamp: number };

/** A checkpoint that follows a reading and is kept in a file. */
export class CheckpointFile {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #stream: string;
  readonly #positions: Map<string, Position | 'end'>;
  readonly #from: Checkpoint['from'];
  /** True when the file was there: the reading goes on instead of beginning. */
  readonly isResumed: boolean;
  #savedAt: number;

  private constructor(path: string, stream: string, from: From, clock: Clock, old?: Checkpoint) {
    this.#path = path;
    this.#clock = clock;
    this.#stream = stream;
    this.#savedAt = clock.now();
    // A shard that had nothing yet when the first reading began at `latest` is read from then on.
    this.#from = old?.from ?? (from === 'latest' ? { timestamp: this.#savedAt } : from);
    this.#positions = new Map(old?.positions);
    this.isResumed = old !== undefined;
  }

  /** Reads the file if there is one. Errors: those of `readCheckpoint`. */
  static async open(
    path: string,
    stream: string,
    from: From,
    clock: Clock,
  ): Promise<CheckpointFile> {
    return new CheckpointFile(path, stream, from, clock, await readCheckpoint(path, stream));
  }

  /** Where the reading is to begin. */
  get beginning(): {
    readonly from: Checkpoint['from'];
    readonly positions: Checkpoint['positions'];
  } {
    return { from: this.#from, positions: new Map(this.#positions) };
  }

  /** Notes that these first records of a batch were dealt with, and now and then saves. */
  async passed(batch: ShardBatch, records: readonly ConsumedRecord[]): Promise<void> {
    this.note(batch, records);
    if (this.#clock.now() - this.#savedAt >= SAVE_EVERY_MS) await this.save();
  }

  /** Notes that these first records of a batch were dealt with; the file stays as it is. */
  note(batch: ShardBatch, records: readonly ConsumedRecord[]): void {
    const last = records.at(-1);
    if (batch.isEnd && records.length === batch.records.length) {
      this.#positions.set(batch.shardId, 'end');
    } else if (last) {
      const { sequenceNumber, subSequenceNumber = 0 } = last;
      this.#positions.set(batch.shardId, { sequenceNumber, subSequenceNumber });
    }
  }

  async save(): Promise<void> {
    this.#savedAt = this.#clock.now();
    const [stream, from, positions] = [this.#stream, this.#from, this.#positions];
    await writeCheckpoint(this.#path, { stream, from, positions });
  }
}
