import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { type WorldSettings, world } from '../world.ts';
import { BlockWriter, SharedBlockPool } from './block-buffers.ts';
import { type DraftPart, DraftSource } from './draft-source.ts';
import { append, BLOCK_LINES, emptyBlock, fits, type LineBlock } from './line-block.ts';
import type { LineForm } from './line-fields.ts';
import { WindowExchange } from './window-exchange.ts';
import { type BlockPort, WindowWriter } from './window-writer.ts';

/** Settings of the thread. */
export interface BlockThreadSettings {
  readonly settings: WorldSettings;
  readonly form: LineForm;
  readonly part: DraftPart;
  readonly windowExchange: SharedArrayBuffer;
  readonly pool: SharedArrayBuffer;
}

/**
 * Lines of a window on their way to the reader.
 *
 * `blockIndex` is the index in the thread's pool, absent where there are no lines; `isLast` marks the
 * last block of a window, `isEnd` the last of all.
 */
export interface FilledBlock {
  readonly window: number;
  readonly blockIndex: number | undefined;
  readonly count: number;
  readonly isLast: boolean;
  readonly isEnd: boolean;
}

/** One block that stays in the cache is filled again and again; the pool gets copies of it. */
class Blocks implements BlockPort {
  readonly #port: MessagePort;
  readonly #block: LineBlock;
  readonly #pool: SharedBlockPool;
  #blockIndex: number | undefined;

  constructor(port: MessagePort, hasLabels: boolean, memory: SharedArrayBuffer) {
    this.#port = port;
    this.#block = emptyBlock({ lines: BLOCK_LINES, hasLabels });
    this.#pool = new SharedBlockPool(hasLabels, memory);
  }

  take(): LineBlock | undefined {
    this.#blockIndex ??= this.#pool.take();
    return this.#blockIndex === undefined ? undefined : this.#block;
  }

  send(window: number, block: LineBlock | undefined, isLast: boolean): void {
    const blockIndex = this.#blockIndex;
    const stored = blockIndex === undefined ? undefined : this.#pool.at(blockIndex);
    if (block && stored) append(block, stored);
    if (!isLast && stored && fits(this.#block, stored)) return;
    const count = stored?.count ?? 0;
    const filled: FilledBlock = { window, blockIndex, count, isLast, isEnd: false };
    this.#port.postMessage(filled);
    this.#blockIndex = undefined;
  }

  end(window: number): void {
    const end: FilledBlock = { window, blockIndex: undefined, count: 0, isLast: true, isEnd: true };
    this.#port.postMessage(end);
  }
}

/** Writes while there is something to write, else simulates, else sleeps until others have worked. */
function work(windowExchange: WindowExchange, source: DraftSource, writer: WindowWriter): void {
  while (!writer.isOver) {
    const turn = windowExchange.turn;
    if (!writer.advance() && !source.advance()) windowExchange.waitAfter(turn);
  }
}

async function writeBlocks({
  settings,
  form,
  part,
  ...memory
}: BlockThreadSettings): Promise<void> {
  const made = await world(settings);
  const windowExchange = new WindowExchange(part.of, memory.windowExchange);
  const blocks = new Blocks(parentPort as MessagePort, form.labels === 'sidecar', memory.pool);
  const source = new DraftSource(made, part, windowExchange);
  const writer = new WindowWriter(windowExchange, new BlockWriter(made, form), blocks);
  work(windowExchange, source, writer);
}

void writeBlocks(workerData);
