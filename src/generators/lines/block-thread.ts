import {
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  workerData,
} from 'node:worker_threads';
import { type WorldSettings, world } from '../world.ts';
import { blockOn, emptyBlock, type LineBlock } from './block.ts';
import { BlockWriter } from './block-writer.ts';
import { DraftSource, type Part } from './draft-source.ts';
import { Exchange } from './exchange.ts';
import type { LineForm } from './line-form.ts';
import { type BlockPort, WindowWriter } from './window-writer.ts';

/** What the thread is told at its start: `ahead` is how many blocks it may have made in advance. */
export interface BlockThreadSettings {
  readonly settings: WorldSettings;
  readonly form: LineForm;
  readonly part: Part;
  readonly memory: SharedArrayBuffer;
  readonly ahead: number;
}

/**
 * Lines of a window on their way to the reader.
 *
 * `memory` is that of a block, missing where there are no lines; `isLast` of the window; `isEnd` of
 * everything. What comes back is the memory alone.
 */
export interface BlockParcel {
  readonly window: number;
  readonly memory: ArrayBuffer | undefined;
  readonly count: number;
  readonly isLast: boolean;
  readonly isEnd: boolean;
}

/** The blocks of this thread: what the reader has read comes back, and is filled again. */
class Blocks implements BlockPort {
  readonly #port: MessagePort;
  readonly #hasLabels: boolean;
  readonly #free: ArrayBuffer[] = [];
  #left: number;

  constructor(port: MessagePort, hasLabels: boolean, ahead: number) {
    this.#port = port;
    this.#hasLabels = hasLabels;
    this.#left = ahead;
  }

  take(): LineBlock | undefined {
    for (;;) {
      const back: { readonly message: ArrayBuffer } | undefined = receiveMessageOnPort(this.#port);
      if (!back) break;
      this.#free.push(back.message);
    }
    // The last to come back is the likeliest to be in the cache still.
    const memory = this.#free.pop();
    if (memory) return blockOn(memory, 0);
    if (this.#left === 0) return undefined;
    this.#left -= 1;
    return emptyBlock(this.#hasLabels);
  }

  send(window: number, block: LineBlock | undefined, isLast: boolean): void {
    const { memory, count } = block ?? { memory: undefined, count: 0 };
    this.#post({ window, memory, count, isLast, isEnd: false });
  }

  end(window: number): void {
    this.#post({ window, memory: undefined, count: 0, isLast: true, isEnd: true });
  }

  #post(parcel: BlockParcel): void {
    this.#port.postMessage(parcel, parcel.memory ? [parcel.memory] : []);
  }
}

/** Writes while there is something to write, else simulates, else sleeps until others have worked. */
function work(exchange: Exchange, source: DraftSource, writer: WindowWriter): void {
  while (!writer.isOver) {
    const turn = exchange.turn;
    if (!writer.advance() && !source.advance()) exchange.waitAfter(turn);
  }
}

const { settings, form, part, memory, ahead }: BlockThreadSettings = workerData;
const made = await world(settings);
const exchange = new Exchange(part.of, memory);
const blocks = new Blocks(parentPort as MessagePort, form.labels === 'sidecar', ahead);
const source = new DraftSource(made, part, exchange);
work(exchange, source, new WindowWriter(exchange, new BlockWriter(made, form), blocks));
