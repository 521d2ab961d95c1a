import { BlockMaker } from './lines/block-buffers.ts';
import { threadedBlocks } from './lines/block-threads.ts';
import { BLOCK_LINES, emptyBlock, type LineBlock } from './lines/line-block.ts';
import type { LineForm } from './lines/line-fields.ts';
import { completeSettings, type WorldSettings, world } from './world.ts';

/** How lines are made: everything has a default. The bytes are the same for any number of threads. */
export interface LineSettings extends Partial<LineForm> {
  readonly threads?: number;
}

/**
 * All transactions of a world as lines of text, in blocks, by event time; ends with its duration.
 *
 * A block is valid until the next one is asked for: its memory is used again.
 * Errors: throws `usage` for a setting that makes no world.
 */
export async function* lineBlocks(
  settings: WorldSettings,
  { format = 'ndjson', labels = 'none', threads = 1 }: LineSettings = {},
): AsyncGenerator<LineBlock, void, undefined> {
  const form = { format, labels };
  // Before any thread: an error that crosses from one is no longer ours.
  completeSettings(settings);
  if (threads > 1) {
    yield* threadedBlocks(settings, form, threads);
    return;
  }
  const maker = new BlockMaker(await world(settings), form);
  const block = emptyBlock({ lines: BLOCK_LINES, hasLabels: labels === 'sidecar' });
  for (;;) {
    maker.fill(block);
    if (block.count === 0) return;
    yield block;
  }
}
