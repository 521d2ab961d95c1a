import { LONGEST_LINE_BYTES } from '../writing/line-writer.ts';

/**
 * Lines of text behind each other, one of each track for every transaction.
 *
 * `ends` says where each line ends, its newline included.
 */
export interface Track {
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

/**
 * Some transactions in a row, as lines: what threads hand to each other, and what is written.
 *
 * Shapes: all columns lie in one piece of `memory`, so that it can change threads; of each the first
 * `count` places are in use. `keys` order transactions by time,
 * then by virtual shard; `scenarios` are places in the list of scenarios counted from 1, 0 for a
 * genuine transaction. A second track are the labels.
 */
export interface LineBlock {
  count: number;
  readonly memory: ArrayBuffer;
  readonly keys: Float64Array;
  readonly scenarios: Uint8Array;
  readonly tracks: readonly Track[];
}

/** Transactions in a block at most: a whole number of groups of drafts. */
export const BLOCK_LINES = 1024;
/** A line has about 850 bytes: there is room for a block of them and the longest behind. */
const BLOCK_BYTES = 1_048_576;
/** No label has so many. */
const LABEL_BYTES = 256;
/** A key is an instant times this, plus the shard. */
const KEYS_PER_MS = 64;

/** An empty block, with a track for labels or without. */
export function emptyBlock(hasLabels: boolean): LineBlock {
  const labelBytes = hasLabels ? BLOCK_LINES * (4 + LABEL_BYTES) : 0;
  return blockOn(new ArrayBuffer(BLOCK_LINES * (8 + 4 + 1) + BLOCK_BYTES + labelBytes), 0);
}

/** The block whose memory has come from another thread. */
export function blockOn(memory: ArrayBuffer, count: number): LineBlock {
  let at = 0;
  const next = (bytes: number): number => {
    at += bytes;
    return at - bytes;
  };
  const keys = new Float64Array(memory, next(8 * BLOCK_LINES), BLOCK_LINES);
  const scenarios = new Uint8Array(memory, next(BLOCK_LINES), BLOCK_LINES);
  const tracks: Track[] = [];
  for (const bytes of [BLOCK_BYTES, BLOCK_LINES * LABEL_BYTES]) {
    if (at === memory.byteLength) break;
    const ends = new Uint32Array(memory, next(4 * BLOCK_LINES), BLOCK_LINES);
    tracks.push({ ends, bytes: new Uint8Array(memory, next(bytes), bytes) });
  }
  return { count, memory, keys, scenarios, tracks };
}

/** True when another line may not find room. */
export function isFull({ count, tracks }: LineBlock): boolean {
  const { bytes, ends } = tracks[0] as Track;
  return count === BLOCK_LINES || (ends[count - 1] ?? 0) + LONGEST_LINE_BYTES > bytes.length;
}

/** The key of a transaction: no two shards share one. */
export function keyOf(atMs: number, sequence: number): number {
  return atMs * KEYS_PER_MS + (sequence % KEYS_PER_MS);
}

/** The instant of a key, epoch milliseconds. */
export function atMsOf(key: number): number {
  return Math.floor(key / KEYS_PER_MS);
}

/** The lines of a track that are in use, as one piece. */
export function linesOf({ bytes, ends }: Track, count: number): Uint8Array {
  return bytes.subarray(0, ends[count - 1] ?? 0);
}
