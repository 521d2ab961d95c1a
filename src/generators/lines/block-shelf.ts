import { type BlockShape, blockBytes, emptyBlock, type LineBlock } from './block.ts';
import { WINDOW_LINES } from './exchange.ts';

/** Blocks that a thread may be ahead: what bounds memory, and keeps it busy. */
const PLACES = 3;

/**
 * Where one thread leaves blocks for the one that reads, and finds their places again when they are
 * read: memory that both share, so that it need not change hands.
 *
 *     taken   for each place 1 or 0
 *     blocks  one behind the other, each with room for a window that is not a busy one
 */
export class BlockShelf {
  readonly memory: SharedArrayBuffer;
  readonly #taken: Int32Array;
  readonly #blocks: readonly LineBlock[];

  constructor(hasLabels: boolean, memory?: SharedArrayBuffer) {
    const shape: BlockShape = { lines: WINDOW_LINES, hasLabels };
    const bytes = blockBytes(shape);
    this.memory = memory ?? new SharedArrayBuffer(PLACES * (8 + bytes));
    this.#taken = new Int32Array(this.memory, 0, PLACES);
    this.#blocks = Array.from({ length: PLACES }, (_, place) =>
      emptyBlock(shape, this.memory, 8 * PLACES + place * bytes),
    );
  }

  /** A free place, which is taken and empty from now on. */
  take(): number | undefined {
    for (let place = 0; place < PLACES; place += 1) {
      if (Atomics.load(this.#taken, place) !== 0) continue;
      Atomics.store(this.#taken, place, 1);
      this.at(place).count = 0;
      return place;
    }
    return undefined;
  }

  /** The block of a place. */
  at(place: number): LineBlock {
    return this.#blocks[place] as LineBlock;
  }

  release(place: number): void {
    Atomics.store(this.#taken, place, 0);
  }
}
