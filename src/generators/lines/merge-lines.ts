import { LONGEST_LINE_BYTES } from '../writing/line-writer.ts';
import { BLOCK_LINES, type LineBlock, type Track } from './block.ts';

/** A block of a source, and which of its lines is next. */
export interface Head {
  readonly block: LineBlock;
  place: number;
}

/**
 * Moves lines from the heads behind those of a block, in the order of their keys, until the block is
 * full or a head has no more; that one comes back.
 *
 * Only keys are compared; lines that follow one another in a head are copied in one piece.
 */
export function merge<Own extends Head>(heads: readonly Own[], out: LineBlock): Own | undefined {
  for (;;) {
    const { first, untilKey } = earliest(heads);
    const end = runEnd(first, untilKey, out);
    if (end === first.place) return undefined;
    copyRun(first.block, first.place, end, out);
    first.place = end;
    if (end === first.block.count) return first;
  }
}

/** The head with the lowest key, and the lowest key of the others. */
function earliest<Own extends Head>(
  heads: readonly Own[],
): { readonly first: Own; readonly untilKey: number } {
  let first = heads[0] as Own;
  let firstKey = Number.POSITIVE_INFINITY;
  let untilKey = Number.POSITIVE_INFINITY;
  for (const head of heads) {
    const key = head.block.keys[head.place] as number;
    if (key < firstKey) {
      untilKey = firstKey;
      firstKey = key;
      first = head;
    } else if (key < untilKey) untilKey = key;
  }
  return { first, untilKey };
}

/** Behind the last line of a head that comes before a key and finds room. */
function runEnd({ block, place }: Head, untilKey: number, out: LineBlock): number {
  const { bytes, ends } = out.tracks[0] as Track;
  const own = (block.tracks[0] as Track).ends;
  const roomBytes = bytes.length - LONGEST_LINE_BYTES - endOf(ends, out.count);
  const mostBytes = endOf(own, place) + roomBytes;
  const most = Math.min(block.count, place + BLOCK_LINES - out.count);
  let end = place;
  while (end < most && (block.keys[end] as number) < untilKey && endOf(own, end) <= mostBytes) {
    end += 1;
  }
  return end;
}

function copyRun(from: LineBlock, start: number, end: number, out: LineBlock): void {
  const shift = out.count - start;
  for (let place = start; place < end; place += 1) {
    out.keys[place + shift] = from.keys[place] as number;
    out.scenarios[place + shift] = from.scenarios[place] as number;
  }
  for (let track = 0; track < out.tracks.length; track += 1) {
    copyLines(from.tracks[track] as Track, start, end, out.tracks[track] as Track, out.count);
  }
  out.count += end - start;
}

function copyLines(from: Track, start: number, end: number, to: Track, count: number): void {
  const startAt = endOf(from.ends, start);
  const toAt = endOf(to.ends, count);
  to.bytes.set(from.bytes.subarray(startAt, endOf(from.ends, end)), toAt);
  for (let place = start; place < end; place += 1) {
    to.ends[count + place - start] = (from.ends[place] as number) - startAt + toAt;
  }
}

/** Where the lines before a place end. */
function endOf(ends: Uint32Array, place: number): number {
  return place === 0 ? 0 : (ends[place - 1] as number);
}
