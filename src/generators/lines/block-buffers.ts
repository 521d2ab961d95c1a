import type { TransactionDraft } from '../simulation/draft.ts';
import { drafts } from '../simulation/merge-shards.ts';
import { endAt, type World } from '../world.ts';
import { Identifiers } from '../writing/identifiers.ts';
import {
  type BlockShape,
  blockBytes,
  emptyBlock,
  isFull,
  keyOf,
  type LineBlock,
} from './line-block.ts';
import type { LineForm } from './line-fields.ts';
import { type TrackWriter, trackWriters } from './track-writer.ts';
import { WINDOW_LINES } from './window-exchange.ts';

/** Blocks of a thread: bound on memory, and back-pressure. */
const BLOCKS = 3;

/**
 * Pool of blocks in shared memory: one thread fills them, another reads and releases them. No memory is
 * transferred.
 *
 *     taken   for each block 1 or 0
 *     blocks  one behind the other, each large enough for a usual window
 */
export class SharedBlockPool {
  readonly memory: SharedArrayBuffer;
  readonly #taken: Int32Array;
  readonly #blocks: readonly LineBlock[];

  constructor(hasLabels: boolean, memory?: SharedArrayBuffer) {
    const shape: BlockShape = { lines: WINDOW_LINES, hasLabels };
    const bytes = blockBytes(shape);
    this.memory = memory ?? new SharedArrayBuffer(BLOCKS * (8 + bytes));
    this.#taken = new Int32Array(this.memory, 0, BLOCKS);
    this.#blocks = Array.from({ length: BLOCKS }, (_, index) =>
      emptyBlock(shape, this.memory, 8 * BLOCKS + index * bytes),
    );
  }

  /** Takes a free block, which is then empty; returns its index. */
  take(): number | undefined {
    for (let index = 0; index < BLOCKS; index += 1) {
      if (Atomics.load(this.#taken, index) !== 0) continue;
      Atomics.store(this.#taken, index, 1);
      this.at(index).count = 0;
      return index;
    }
    return undefined;
  }

  /** Returns the block at an index. */
  at(index: number): LineBlock {
    return this.#blocks[index] as LineBlock;
  }

  release(index: number): void {
    Atomics.store(this.#taken, index, 0);
  }
}

/** Writes drafts into blocks, a line of each track behind the last. */
export class BlockWriter {
  readonly #writers: readonly TrackWriter[];

  constructor(world: World, form: LineForm) {
    this.#writers = trackWriters(form, world, new Identifiers(world.key));
  }

  /** From now on `add` writes into this block, which is empty from now on. */
  aim(block: LineBlock): void {
    for (const [track, writer] of this.#writers.entries()) {
      writer.aim(block.tracks[track]?.bytes ?? new Uint8Array(0));
    }
    block.count = 0;
  }

  /** Writes a draft into the block that was aimed at, which is not full. */
  add(draft: TransactionDraft, block: LineBlock): void {
    const index = block.count;
    block.keys[index] = keyOf(draft.atMs, draft.sequence);
    block.scenarios[index] = draft.scenario;
    for (let track = 0; track < this.#writers.length; track += 1) {
      const { ends } = block.tracks[track] as LineBlock['tracks'][number];
      const at = index === 0 ? 0 : (ends[index - 1] as number);
      ends[index] = (this.#writers[track] as TrackWriter).write(draft, at);
    }
    block.count = index + 1;
  }
}

/** Writes the transactions of a world into blocks, by event time, all on one thread. */
export class BlockMaker {
  readonly #groups: Iterator<readonly TransactionDraft[], void>;
  readonly #writer: BlockWriter;
  #group: readonly TransactionDraft[] = [];
  #index = 0;

  constructor(world: World, form: LineForm) {
    this.#groups = drafts(world, endAt(world));
    this.#writer = new BlockWriter(world, form);
  }

  /** Fills a block from its beginning; an empty block says that there is nothing more. */
  fill(block: LineBlock): void {
    this.#writer.aim(block);
    while (!isFull(block)) {
      const draft = this.#next();
      if (!draft) return;
      this.#writer.add(draft, block);
    }
  }

  #next(): TransactionDraft | undefined {
    if (this.#index === this.#group.length) {
      this.#group = this.#groups.next().value ?? [];
      this.#index = 0;
    }
    const draft = this.#group[this.#index];
    this.#index += 1;
    return draft;
  }
}
