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
 * Shapes: of each column the first `count` entries are in use. `keys` order transactions by time,
 * then by virtual shard; `scenarios` are indexes in the list of scenarios counted from 1, 0 for a
 * genuine transaction. A second track are the labels.
 */
export interface LineBlock {
  count: number;
  readonly keys: Float64Array;
  readonly scenarios: Uint8Array;
  readonly tracks: readonly Track[];
}

/** Transactions in a block at most, unless it says otherwise: few, so that it stays in the cache and the first comes soon. */
export const BLOCK_LINES = 256;
/** Room for a line of a transaction: one has about 850 bytes. */
const LINE_BYTES = 1024;
/** No label has so many. */
const LABEL_BYTES = 256;
/** A key is an instant times this, plus the shard. */
const KEYS_PER_MS = 64;

/** Capacity of a block in lines, a multiple of 8, and whether labels have their own track. */
export interface BlockShape {
  readonly lines: number;
  readonly hasLabels: boolean;
}

/** Bytes of a block: a multiple of 8. */
export function blockBytes({ lines, hasLabels }: BlockShape): number {
  return lines * (8 + 1 + 4 + LINE_BYTES + (hasLabels ? 4 + LABEL_BYTES : 0));
}

/** An empty block in a piece of memory of its own, or in one that holds more. */
export function emptyBlock(
  shape: BlockShape,
  memory: ArrayBufferLike = new ArrayBuffer(blockBytes(shape)),
  offset = 0,
): LineBlock {
  const { lines, hasLabels } = shape;
  let at = offset;
  const next = (bytes: number): number => {
    at += bytes;
    return at - bytes;
  };
  const keys = new Float64Array(memory, next(8 * lines), lines);
  const scenarios = new Uint8Array(memory, next(lines), lines);
  const sizes = hasLabels ? [LINE_BYTES, LABEL_BYTES] : [LINE_BYTES];
  const tracks = sizes.map((bytes) => ({
    ends: new Uint32Array(memory, next(4 * lines), lines),
    bytes: new Uint8Array(memory, next(bytes * lines), bytes * lines),
  }));
  return { count: 0, keys, scenarios, tracks };
}

/** Returns true if another line may not fit. */
export function isFull({ count, keys, tracks }: LineBlock): boolean {
  const { bytes, ends } = tracks[0] as Track;
  return count === keys.length || (ends[count - 1] ?? 0) + LONGEST_LINE_BYTES > bytes.length;
}

/** Returns true if a full `other` block fits behind the lines of a block. */
export function fits(other: LineBlock, { count, keys, tracks }: LineBlock): boolean {
  if (count + other.keys.length > keys.length) return false;
  return tracks.every(({ bytes, ends }, index) => {
    const most = other.tracks[index]?.bytes.length ?? 0;
    return (ends[count - 1] ?? 0) + most <= bytes.length;
  });
}

/** Appends the lines of a block to another one, which must be large enough. */
export function append(block: LineBlock, to: LineBlock): void {
  const { count } = block;
  if (count === 0) return;
  to.keys.set(block.keys.subarray(0, count), to.count);
  to.scenarios.set(block.scenarios.subarray(0, count), to.count);
  for (const [index, track] of block.tracks.entries()) {
    const { ends, bytes } = to.tracks[index] as Track;
    const start = ends[to.count - 1] ?? 0;
    copyBytes(linesOf(track, count), bytes.subarray(start));
    for (let line = 0; line < count; line += 1) {
      ends[to.count + line] = start + (track.ends[line] as number);
    }
  }
  to.count += count;
}

/** Node's fill copies as memcpy does; `set` takes four times as long where memory is shared. */
function copyBytes(from: Uint8Array, to: Uint8Array): void {
  Buffer.from(to.buffer, to.byteOffset, from.length).fill(from);
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
