import { readFile, rename, writeFile } from 'node:fs/promises';
import { FraudstreamError } from '../../fraudstream-error.ts';
import { parseJson } from '../../records/parse-json.ts';
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
  const checkpoint = parsed(text);
  if (!checkpoint) {
    throw new FraudstreamError(
      'bad-data',
      `${path} is not a checkpoint of fraudstream (version ${VERSION}). Give another --checkpoint, or delete the file to begin anew.`,
    );
  }
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
  const draft = `${path}.new`;
  await writeFile(draft, `${text}\n`);
  await rename(draft, path);
}

function parsed(text: string): Checkpoint | undefined {
  try {
    const { version, stream, from, shards, companion } = Object(parseJson(text));
    const isOurs = version === VERSION && typeof stream === 'string' && isFrom(from);
    const positions: [string, Position | 'end'][] = Object.entries(shards);
    const isSound = isOurs && positions.every(([, position]) => isPosition(position));
    if (!isSound) return undefined;
    const known = { stream, from, positions: new Map(positions) };
    return Number.isInteger(companion) ? { ...known, companion } : known;
  } catch {
    // Not JSON, or not an object: either way not a checkpoint, which the caller reports.
    return undefined;
  }
}

function isFrom(from: unknown): boolean {
  if (from === 'trim-horizon') return true;
  return isObject(from) && typeof from.timestamp === 'number';
}

function isPosition(position: unknown): boolean {
  if (position === 'end') return true;
  const { sequenceNumber, subSequenceNumber } = isObject(position) ? position : {};
  return typeof sequenceNumber === 'string' && Number.isInteger(subSequenceNumber);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
