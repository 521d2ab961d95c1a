import { readFile } from 'node:fs/promises';
import { FraudstreamError } from '../../errors.ts';
import { writeFileAtomically } from '../../storage/output-file.ts';
import type { Clock } from '../../stream/clock.ts';
import { isJsonObject, parseJson } from '../../text/parse-json.ts';
import type { ConsumedRecord } from '../../transactions/arrival.ts';
import type { Position, StreamIdentity } from '../read-client.ts';
import type { ShardBatch } from './consume.ts';

/**
 * Consumer checkpoint: the position in each shard; a sub-sequence number of -1 stands for none.
 *
 * One process reads all shards, so there is no lease on a shard as in the lease table of the KCL.
 */
export interface Checkpoint {
  readonly stream: string;
  /** Which stream of that name; absent where nobody could say. */
  readonly identity?: StreamIdentity | undefined;
  /** Where shards begin that the checkpoint does not name. */
  readonly from: 'trim-horizon' | { readonly timestamp: number };
  readonly positions: ReadonlyMap<string, Position | 'end'>;
  /** The number of a file that holds more of this very state; absent where there is none. */
  readonly companion?: number;
}

const VERSION = 1;

/**
 * Reads a checkpoint file; `undefined` when there is none yet.
 *
 * Errors: `bad-data` when the file is no checkpoint, or is one of another stream, also one of the same name that was made anew.
 */
export async function readCheckpoint(
  path: string,
  stream: string,
  identity?: StreamIdentity | undefined,
): Promise<Checkpoint | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new FraudstreamError('no-input', `The checkpoint ${path} could not be read.`, { cause });
  }
  const checkpoint = checkpointIn(text, path);
  if (checkpoint.stream !== stream) {
    throw new FraudstreamError(
      'bad-data',
      `The checkpoint ${path} belongs to stream "${checkpoint.stream}", not to "${stream}". Give each stream a file of its own.`,
    );
  }
  checkIdentity(path, checkpoint, identity);
  return checkpoint;
}

/** A position means nothing in a stream that was deleted and made anew, or is in another account or region. */
function checkIdentity(
  path: string,
  { stream, identity: own }: Checkpoint,
  now: StreamIdentity | undefined,
): void {
  if (!own || !now || (own.arn === now.arn && own.createdAt === now.createdAt)) return;
  const text = ({ arn, createdAt }: StreamIdentity): string =>
    `${arn}, created ${new Date(createdAt).toISOString()}`;
  const message = `The checkpoint ${path} belongs to another stream "${stream}" (${text(own)}) than the one that has this name now (${text(now)}). Its positions are not valid there: delete the file to start over.`;
  throw new FraudstreamError('bad-data', message);
}

/** Replaces the checkpoint file atomically: a crash leaves the old one whole. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const { stream, identity, from, positions, companion } = checkpoint;
  const shards = Object.fromEntries(positions);
  const file = { version: VERSION, stream, identity, from, shards, companion };
  const text = JSON.stringify(file, undefined, 2);
  await writeFileAtomically(path, `${text}\n`);
}

function checkpointIn(text: string, path: string): Checkpoint {
  const file = parsed(text);
  if (file.version !== VERSION || typeof file.stream !== 'string' || !isJsonObject(file.shards)) {
    throw new FraudstreamError(
      'bad-data',
      `${path} is not a checkpoint of fraudstream (version ${VERSION}). Give another --checkpoint, or delete the file to start over.`,
    );
  }
  const { stream, identity, from, shards, companion } = file;
  const flaw = flawOf(from, shards, companion) ?? identityFlaw(identity);
  if (flaw !== undefined) {
    const message = `The checkpoint ${path} is damaged: ${flaw}. Delete it to start over.`;
    throw new FraudstreamError('bad-data', message);
  }
  return {
    stream,
    ...(identity !== undefined && { identity: identity as StreamIdentity }),
    from: from as Checkpoint['from'],
    positions: new Map(Object.entries(shards as Readonly<Record<string, Position | 'end'>>)),
    ...(companion !== undefined && { companion: companion as number }),
  };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(parseJson(text));
  } catch {
    // Not JSON, so no checkpoint: the caller says so.
    return {};
  }
}

/** What is wrong with the values of a checkpoint, with the value seen. */
function flawOf(
  from: unknown,
  shards: Readonly<Record<string, unknown>>,
  companion: unknown,
): string | undefined {
  if (!isFrom(from)) return `"from" is ${shown(from)}, not "trim-horizon" or a "timestamp" in ms`;
  if (companion !== undefined && !isCount(companion)) {
    return `"companion" is ${shown(companion)}, not a whole number from 0`;
  }
  for (const [shardId, position] of Object.entries(shards)) {
    if (shardId === '') return 'a shard has no name';
    if (!isPosition(position)) {
      return `the position in ${shardId} is ${shown(position)}, not "end" or a "sequenceNumber" of digits and a "subSequenceNumber" from -1`;
    }
  }
  return undefined;
}

function identityFlaw(identity: unknown): string | undefined {
  if (identity === undefined) return undefined;
  const { arn, createdAt } = isJsonObject(identity) ? identity : {};
  if (typeof arn === 'string' && isFrom({ timestamp: createdAt })) return undefined;
  return `"identity" is ${shown(identity)}, not an "arn" and a "createdAt" in ms`;
}

/** Instants that a `Date` can say. Source: ECMA-262, time values. */
const LAST_INSTANT_MS = 8.64e15;

function isFrom(from: unknown): boolean {
  if (from === 'trim-horizon') return true;
  const { timestamp } = isJsonObject(from) ? from : {};
  return typeof timestamp === 'number' && timestamp >= 0 && timestamp <= LAST_INSTANT_MS;
}

function isPosition(position: unknown): boolean {
  if (position === 'end') return true;
  const { sequenceNumber, subSequenceNumber } = isJsonObject(position) ? position : {};
  // Source: the API reference of Kinesis, SequenceNumber: 0|([1-9]\d{0,128}).
  const isNumber =
    typeof sequenceNumber === 'string' && /^(0|[1-9]\d{0,128})$/.test(sequenceNumber);
  return isNumber && (isCount(subSequenceNumber) || subSequenceNumber === -1);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 60) ?? 'absent';
}

/** The file is written at most so often, and once more at the end. */
const SAVE_EVERY_MS = 1_000;

/** Where a reading begins that has no checkpoint yet. */
export type From = 'latest' | 'trim-horizon' | { readonly timestamp: number };

/** A checkpoint that follows a reading and is kept in a file. */
export class CheckpointFile {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #stream: string;
  readonly #identity: StreamIdentity | undefined;
  readonly #positions: Map<string, Position | 'end'>;
  readonly #from: Checkpoint['from'];
  /** True when the file was there: the reading goes on instead of beginning. */
  readonly isResumed: boolean;
  #savedAt: number;

  private constructor(
    path: string,
    stream: string,
    from: From,
    clock: Clock,
    old?: Checkpoint,
    identity?: StreamIdentity,
  ) {
    this.#path = path;
    this.#identity = identity ?? old?.identity;
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
    identity?: StreamIdentity | undefined,
  ): Promise<CheckpointFile> {
    const old = await readCheckpoint(path, stream, identity);
    return new CheckpointFile(path, stream, from, clock, old, identity);
  }

  /** Where the reading is to begin. */
  get beginning(): {
    readonly from: Checkpoint['from'];
    readonly positions: Checkpoint['positions'];
  } {
    return { from: this.#from, positions: new Map(this.#positions) };
  }

  /** Notes that a batch was dealt with, and now and then saves. */
  async passed(batch: ShardBatch): Promise<void> {
    this.note(batch, batch.records);
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
    await writeCheckpoint(this.#path, { stream, identity: this.#identity, from, positions });
  }
}
