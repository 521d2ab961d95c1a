import { Worker } from 'node:worker_threads';
import { Mailbox } from '../../stream/mailbox.ts';
import type { WorldSettings } from '../world.ts';
import { blockOn, emptyBlock, isFull, type LineBlock } from './block.ts';
import type { BlockParcel, BlockThreadSettings } from './block-thread.ts';
import type { LineForm } from './line-form.ts';
import { type Head, merge } from './merge-lines.ts';

/** Blocks that each thread may be ahead: what bounds memory, and keeps it busy. */
const AHEAD = 8;

/**
 * The lines of a world made by several threads, each for its own virtual shards, in the order of
 * time and shard: the same bytes as of one thread.
 *
 * A block is valid until the next one is asked for. The threads end with the reading, however that
 * ends.
 */
export async function* threadedBlocks(
  settings: WorldSettings,
  form: LineForm,
  threads: number,
): AsyncGenerator<LineBlock, void, undefined> {
  const makers = Array.from({ length: threads }, (_, index) => {
    const part = { index, of: threads };
    return new BlockThread({ settings, form, part, ahead: AHEAD });
  });
  try {
    yield* merged(makers, emptyBlock(form.labels === 'sidecar'));
  } finally {
    await Promise.all(makers.map((maker) => maker.end()));
  }
}

async function* merged(
  makers: readonly BlockThread[],
  out: LineBlock,
): AsyncGenerator<LineBlock, void, undefined> {
  const heads: ThreadHead[] = [];
  for (const maker of makers) await lineUp(maker, heads);
  while (heads.length > 0) {
    const dry = merge(heads, out);
    if (isFull(out)) {
      yield out;
      out.count = 0;
    }
    if (!dry) continue;
    heads.splice(heads.indexOf(dry), 1);
    dry.source.giveBack(dry.block);
    await lineUp(dry.source, heads);
  }
  if (out.count > 0) yield out;
}

interface ThreadHead extends Head {
  readonly source: BlockThread;
}

/** Puts the next block of a thread among the heads, if there is one. */
async function lineUp(source: BlockThread, heads: ThreadHead[]): Promise<void> {
  const block = await source.next();
  if (block) heads.push({ source, block, place: 0 });
}

/** One thread that makes blocks. */
class BlockThread {
  readonly #worker: Worker;
  readonly #made = new Mailbox<LineBlock>();
  readonly #blocks: AsyncIterator<LineBlock>;

  constructor(workerData: BlockThreadSettings) {
    this.#blocks = this.#made[Symbol.asyncIterator]();
    this.#worker = new Worker(new URL('./block-thread.js', import.meta.url), { workerData });
    this.#worker.on('message', ({ memory, count }: BlockParcel) => {
      if (count > 0) this.#made.push(blockOn(memory, count));
      else this.#made.end();
    });
    this.#worker.on('error', (error) => this.#made.end(error));
    this.#worker.on('exit', () => this.#made.end());
  }

  /** The next block, `undefined` behind the last; rejects with what ended the thread. */
  async next(): Promise<LineBlock | undefined> {
    const { value, done } = await this.#blocks.next();
    return done ? undefined : value;
  }

  /** Hands a block back, to be filled again. */
  giveBack({ memory }: LineBlock): void {
    const parcel: BlockParcel = { memory, count: 0 };
    this.#worker.postMessage(parcel, [memory]);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
