import { Worker } from 'node:worker_threads';
import { Mailbox } from '../../stream/mailbox.ts';
import type { WorldSettings } from '../world.ts';
import { SharedBlockPool } from './block-buffers.ts';
import type { BlockThreadSettings, FilledBlock } from './block-thread.ts';
import type { LineBlock } from './line-block.ts';
import type { LineForm } from './line-fields.ts';
import { WindowExchange } from './window-exchange.ts';

/**
 * The lines of a world made by several threads, in the order of time and shard: the same bytes as of
 * one thread. Each simulates its own virtual shards, and writes the lines of windows of event time;
 * the reader gets their blocks as they were written, and only puts the windows in order.
 *
 * A block is valid until the next one is asked for. The threads end with the reading, however that
 * ends.
 */
export async function* threadedBlocks(
  settings: WorldSettings,
  form: LineForm,
  threads: number,
): AsyncGenerator<LineBlock, void, undefined> {
  const windowExchange = new WindowExchange(threads);
  const windows = new Windows();
  const makers = Array.from({ length: threads }, (_, index) => {
    const part = { index, of: threads };
    const pool = new SharedBlockPool(form.labels === 'sidecar');
    return blockThread(
      { settings, form, part, windowExchange: windowExchange.memory, pool: pool.memory },
      pool,
      windows,
    );
  });
  try {
    for (let window = 0; ; window += 1) {
      for await (const { pool, filled } of windows.of(window)) {
        if (filled.isEnd) return;
        if (filled.blockIndex === undefined) continue;
        const block = pool.at(filled.blockIndex);
        block.count = filled.count;
        yield block;
        pool.release(filled.blockIndex);
        windowExchange.notify();
      }
    }
  } finally {
    await Promise.all(makers.map((maker) => maker.terminate()));
  }
}

/** A filled block and the pool of its thread. */
interface BlockFromThread {
  readonly pool: SharedBlockPool;
  readonly filled: FilledBlock;
}

/** One thread that makes blocks; what ends it too early ends the reading. */
function blockThread(
  workerData: BlockThreadSettings,
  pool: SharedBlockPool,
  windows: Windows,
): Worker {
  const maker = new Worker(new URL('./block-thread.js', import.meta.url), { workerData });
  let hasEnded = false;
  maker.on('message', (filled: FilledBlock) => {
    hasEnded ||= filled.isEnd;
    windows.add({ pool, filled });
  });
  maker.on('error', (error) => windows.fail(error));
  maker.on('exit', () => {
    if (!hasEnded) windows.fail(new Error('A thread of the generator has ended too early.'));
  });
  return maker;
}

/** Blocks received by window: any thread may write any window. */
class Windows {
  readonly #boxes = new Map<number, Mailbox<BlockFromThread>>();
  #error: Error | undefined;

  add(delivery: BlockFromThread): void {
    const box = this.#box(delivery.filled.window);
    box.push(delivery);
    if (delivery.filled.isLast) box.end();
  }

  /** The first error ends all windows. */
  fail(error: Error): void {
    this.#error ??= error;
    for (const box of this.#boxes.values()) box.end(this.#error);
  }

  /** Yields the blocks of a window; can be read once. */
  async *of(window: number): AsyncGenerator<BlockFromThread, void, undefined> {
    yield* this.#box(window);
    this.#boxes.delete(window);
  }

  #box(window: number): Mailbox<BlockFromThread> {
    const known = this.#boxes.get(window);
    if (known) return known;
    const box = new Mailbox<BlockFromThread>();
    this.#boxes.set(window, box);
    if (this.#error) box.end(this.#error);
    return box;
  }
}
