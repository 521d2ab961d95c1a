import { labelLine } from '../../transactions/label.ts';
import type { Transaction } from '../../transactions/transaction.ts';
import { TransactionDraft } from '../simulation/draft.ts';
import { drafts } from '../simulation/merge-shards.ts';
import { transactionIds } from '../user-records.ts';
import { endAt, type World } from '../world.ts';
import { DraftTexts, DraftTransaction } from '../writing/draft-transaction.ts';
import { Identifiers } from '../writing/identifiers.ts';
import { labelOf } from '../writing/transaction.ts';
import { keyOf, type LineBlock, type Track } from './line-block.ts';

/** Writes a transaction as a line without its end; it is valid during the call. `eventAt` is in epoch milliseconds. */
export type WriteLine = (transaction: Transaction, eventAt: number) => Uint8Array;

/** Transactions of a block: so few that the first comes soon, so many that a message between threads costs little. */
const BLOCK_LINES = 1_024;
const LINE_FEED = Buffer.from('\n');

/**
 * The transactions of a world as lines in a form that is not ours, by event time; labels are a second track in our own.
 *
 * Each block has memory of its own: it can be handed to another thread.
 */
export function* formedBlocks(
  world: World,
  write: WriteLine,
  hasLabels: boolean,
): Generator<LineBlock, void, undefined> {
  const names = new Identifiers(world.key);
  const transaction = new DraftTransaction(
    new DraftTexts(world, names),
    new TransactionDraft(),
    '',
  );
  for (const group of drafts(world, endAt(world), BLOCK_LINES)) {
    const ids = transactionIds(group, names);
    const lines = group.map((draft, index) => {
      transaction.of(draft, ids[index] as string);
      return write(transaction, draft.atMs);
    });
    const labels = hasLabels
      ? [trackOf(group.map((draft) => Buffer.from(labelLine(labelOf(draft, world, names)))))]
      : [];
    yield {
      count: group.length,
      keys: Float64Array.from(group, ({ atMs, sequence }) => keyOf(atMs, sequence)),
      scenarios: Uint8Array.from(group, ({ scenario }) => scenario),
      tracks: [trackOf(lines), ...labels],
    };
  }
}

function trackOf(lines: readonly Uint8Array[]): Track {
  const ends = new Uint32Array(lines.length);
  let end = 0;
  for (const [index, { length }] of lines.entries()) {
    end += length + LINE_FEED.length;
    ends[index] = end;
  }
  const bytes = new Uint8Array(end);
  for (const [index, line] of lines.entries()) {
    const lineEnd = ends[index] as number;
    bytes.set(line, lineEnd - line.length - LINE_FEED.length);
    bytes.set(LINE_FEED, lineEnd - LINE_FEED.length);
  }
  return { bytes, ends };
}

/** A source of blocks: `undefined` when there are no more. */
export type NextBlock = () => Promise<LineBlock | undefined>;

/** The lines of several sources as one, by their keys: the same as of one source that has them all. */
export async function* mergedBlocks(
  sources: readonly NextBlock[],
): AsyncGenerator<LineBlock, void, undefined> {
  const begun = await Promise.all(sources.map((next) => Head.begun(next)));
  const heads = begun.flatMap((head) => head ?? []);
  let merged = new MergedLines();
  while (heads.length > 0) {
    const first = heads.reduce((least, head) => (head.key < least.key ? head : least));
    const others = heads.flatMap((head) => (head === first ? [] : [head.key]));
    first.moveUntil(Math.min(...others), merged);
    if (!first.isEmpty) continue;
    yield merged.block();
    merged = new MergedLines();
    if (!(await first.refill())) heads.splice(heads.indexOf(first), 1);
  }
}

/** The block of a source that has lines left, and the first of them. */
class Head {
  readonly #next: NextBlock;
  #block: LineBlock;
  #index = 0;

  private constructor(next: NextBlock, block: LineBlock) {
    this.#next = next;
    this.#block = block;
  }

  static async begun(next: NextBlock): Promise<Head | undefined> {
    const block = await next();
    return block && new Head(next, block);
  }

  get key(): number {
    return this.#block.keys[this.#index] as number;
  }

  get isEmpty(): boolean {
    return this.#index === this.#block.count;
  }

  /** Moves the lines before a key. */
  moveUntil(key: number, merged: MergedLines): void {
    const { keys, count } = this.#block;
    const from = this.#index;
    let end = from + 1;
    while (end < count && (keys[end] as number) < key) end += 1;
    this.#index = end;
    merged.add(this.#block, from, end);
  }

  /** Takes the next block; false where there is none. */
  async refill(): Promise<boolean> {
    const block = await this.#next();
    if (!block) return false;
    this.#block = block;
    this.#index = 0;
    return true;
  }
}

/** Lines of several blocks, one behind the other. */
class MergedLines {
  readonly #keys: number[] = [];
  readonly #scenarios: number[] = [];
  readonly #parts: Uint8Array[][] = [];
  readonly #ends: number[][] = [];

  add({ keys, scenarios, tracks }: LineBlock, from: number, end: number): void {
    for (let line = from; line < end; line += 1) {
      this.#keys.push(keys[line] as number);
      this.#scenarios.push(scenarios[line] as number);
    }
    for (const [index, track] of tracks.entries()) this.#addTrack(index, track, from, end);
  }

  #addTrack(index: number, { bytes, ends: given }: Track, from: number, end: number): void {
    this.#parts[index] ??= [];
    this.#ends[index] ??= [];
    const ends = this.#ends[index];
    const start = from === 0 ? 0 : (given[from - 1] as number);
    const shift = (ends.at(-1) ?? 0) - start;
    this.#parts[index].push(bytes.subarray(start, given[end - 1]));
    for (let line = from; line < end; line += 1) ends.push((given[line] as number) + shift);
  }

  block(): LineBlock {
    return {
      count: this.#keys.length,
      keys: Float64Array.from(this.#keys),
      scenarios: Uint8Array.from(this.#scenarios),
      tracks: this.#parts.map((parts, index) => ({
        bytes: Buffer.concat(parts),
        ends: Uint32Array.from(this.#ends[index] ?? []),
      })),
    };
  }
}
