import { LONGEST_LINE_BYTES } from '../writing/line-writer.ts';

/**
 * Lines of text behind each other, one of each track for every transaction.
 *
 * `ends` says where each line ends, its newline included.
 */
export interface Track {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly ends: Uint32Array<ArrayBuffer>;
}

/**
 * Some transactions in a row, as lines: what crosses from thread to thread, and what is written.
 *
 * Shapes: the first `count` places of every column are in use. `keys` order transactions by time,
 * then by virtual shard; `scenarios` are places in the list of scenarios counted from 1, 0 for a
 * genuine transaction. A second track are the labels.
 */
export interface LineBlock {
  count: number;
  readonly keys: Float64Array<ArrayBuffer>;
  readonly scenarios: Uint8Array<ArrayBuffer>;
  readonly tracks: readonly Track[];
}

/** Transactions in a block at most: a whole number of groups of drafts. */
export const BLOCK_LINES = 512;
/** A line has about 850 bytes: there is room for a block of them and the longest behind. */
const BLOCK_BYTES = 1_048_576;
/** No label has so many. */
const LABEL_BYTES = 256;
/** A key is an instant times this, plus the shard. */
const KEYS_PER_MS = 64;

/** An empty block, with a track for labels or without. */
export function emptyBlock(hasLabels: boolean): LineBlock {
  const track = (bytes: number): Track => ({
    bytes: new Uint8Array(bytes),
    ends: new Uint32Array(BLOCK_LINES),
  });
  return {
    count: 0,
    keys: new Float64Array(BLOCK_LINES),
    scenarios: new Uint8Array(BLOCK_LINES),
    tracks: [track(BLOCK_BYTES), ...(hasLabels ? [track(BLOCK_LINES * LABEL_BYTES)] : [])],
  };
}

/** True when another line may not find room. */
export function isFull({ count, tracks }: LineBlock): boolean {
  const { bytes, ends } = tracks[0] as Track;
  return count === BLOCK_LINES || (ends[count - 1] ?? 0) + LONGEST_LINE_BYTES > bytes.length;
}

/** What to hand over, so that a block moves to another thread instead of being copied. */
export function buffersOf({ keys, scenarios, tracks }: LineBlock): readonly ArrayBuffer[] {
  const own = tracks.flatMap(({ bytes, ends }) => [bytes.buffer, ends.buffer]);
  return [keys.buffer, scenarios.buffer, ...own];
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
