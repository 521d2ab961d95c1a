import type { Draft } from '../simulation/draft.ts';
import { drafts } from '../simulation/drafts.ts';
import { endAt, type World } from '../world.ts';
import { isFull, type LineBlock } from './block.ts';
import { BlockWriter } from './block-writer.ts';
import type { LineForm } from './line-form.ts';

/** Writes the transactions of a world into blocks, by event time, all on one thread. */
export class BlockMaker {
  readonly #groups: Iterator<readonly Draft[], void>;
  readonly #writer: BlockWriter;
  #group: readonly Draft[] = [];
  #place = 0;

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

  #next(): Draft | undefined {
    if (this.#place === this.#group.length) {
      this.#group = this.#groups.next().value ?? [];
      this.#place = 0;
    }
    const draft = this.#group[this.#place];
    this.#place += 1;
    return draft;
  }
}
