import { readFile } from 'node:fs/promises';
import { FraudstreamError } from '../../fraudstream-error.ts';
import { parseJson } from '../../records/parse-json.ts';
import { writeFileAtomically } from '../../storage/output-file.ts';
import type { Position } from '../read-client.ts';

/** How far each shard was read; a sub-sequence number of -1 stands for none. */
export interface Checkpoint {
  readonly stream: string;
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
 * Errors: `bad-data` when the file is no checkpoint, or is one of another stream.
 */
export async function readCheckpoint(
  path: string,
  stream: string,
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
  return checkpoint;
}

/** Writes the file anew and puts it in place in one step: a crash leaves the old one whole. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const { stream, from, positions, companion } = checkpoint;
  const shards = Object.fromEntries(positions);
  const text = JSON.stringify({ version: VERSION, stream, from, shards, companion }, undefined, 2);
  await writeFileAtomically(path, `${text}\n`);
}

function checkpointIn(text: string, path: string): Checkpoint {
  const file = parsed(text);
  if (file.version !== VERSION || typeof file.stream !== 'string' || !isObject(file.shards)) {
    throw new FraudstreamError(
      'bad-data',
      `${path} is not a checkpoint of fraudstream (version ${VERSION}). Give another --checkpoint, or delete the file to begin anew.`,
    );
  }
  const { stream, from, shards, companion } = file;
  const flaw = flawOf(from, shards, companion);
  if (flaw !== undefined) {
    const message = `The checkpoint ${path} is damaged: ${flaw}. Delete it to begin anew.`;
    throw new FraudstreamError('bad-data', message);
  }
  return {
    stream,
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

/** Instants that a `Date` can say. Source: ECMA-262, time values. */
const LAST_INSTANT_MS = 8.64e15;

function isFrom(from: unknown): boolean {
  if (from === 'trim-horizon') return true;
  const { timestamp } = isObject(from) ? from : {};
  return typeof timestamp === 'number' && timestamp >= 0 && timestamp <= LAST_INSTANT_MS;
}

function isPosition(position: unknown): boolean {
  if (position === 'end') return true;
  const { sequenceNumber, subSequenceNumber } = isObject(position) ? position : {};
  // Source: the API reference of Kinesis, SequenceNumber: 0|([1-9]\d{0,128}).
  const isNumber =
    typeof sequenceNumber === 'string' && /^(0|[1-9]\d{0,128})$/.test(sequenceNumber);
  return isNumber && (isCount(subSequenceNumber) || subSequenceNumber === -1);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 60) ?? 'absent';
}
