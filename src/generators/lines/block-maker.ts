import type { Draft } from '../simulation/draft.ts';
import { drafts } from '../simulation/drafts.ts';
import { endAt, type World } from '../world.ts';
import { Identifiers } from '../writing/identifiers.ts';
import { isFull, keyOf, type LineBlock } from './block.ts';
import type { LineForm } from './line-form.ts';
import { type TrackWriter, trackWriters } from './track-writer.ts';

/** Which of the threads of a run this is, counted from 0. */
export interface Part {
  readonly index: number;
  readonly of: number;
}

/** The first block is small, so that the first line comes soon. */
const FIRST_LINES = 256;

/** Writes the transactions of a part of a world into blocks, by event time. */
export class BlockMaker {
  readonly #groups: Iterator<readonly Draft[], void>;
  readonly #writers: readonly TrackWriter[];
  #group: readonly Draft[] = [];
  #place = 0;
  #most = FIRST_LINES;

  constructor(world: World, form: LineForm, part: Part) {
    const { index, of } = world.settings.partition;
    // A thread's part of a partition is itself a partition, only finer.
    const partition = { index: index + of * part.index, of: of * part.of };
    this.#groups = drafts({ ...world, partition }, endAt(world));
    this.#writers = trackWriters(form, world, new Identifiers(world.key));
  }

  /** Fills a block from its beginning; an empty block says that there is nothing more. */
  fill(block: LineBlock): void {
    for (const [track, writer] of this.#writers.entries()) {
      writer.aim(block.tracks[track]?.bytes ?? new Uint8Array(0));
    }
    block.count = 0;
    while (!isFull(block) && block.count < this.#most) {
      const draft = this.#next();
      if (!draft) return;
      this.#add(draft, block);
    }
    this.#most = Number.POSITIVE_INFINITY;
  }

  #add(draft: Draft, block: LineBlock): void {
    const place = block.count;
    block.keys[place] = keyOf(draft.atMs, draft.sequence);
    block.scenarios[place] = draft.scenario;
    for (let track = 0; track < this.#writers.length; track += 1) {
      const { ends } = block.tracks[track] as LineBlock['tracks'][number];
      const at = place === 0 ? 0 : (ends[place - 1] as number);
      ends[place] = (this.#writers[track] as TrackWriter).write(draft, at);
    }
    block.count = place + 1;
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
