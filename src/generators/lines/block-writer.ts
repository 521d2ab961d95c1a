import type { Draft } from '../simulation/draft.ts';
import type { World } from '../world.ts';
import { Identifiers } from '../writing/identifiers.ts';
import { keyOf, type LineBlock } from './block.ts';
import type { LineForm } from './line-form.ts';
import { type TrackWriter, trackWriters } from './track-writer.ts';

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
  add(draft: Draft, block: LineBlock): void {
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
}
