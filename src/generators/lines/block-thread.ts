import { parentPort, workerData } from 'node:worker_threads';
import { type WorldSettings, world } from '../world.ts';
import { blockOn, emptyBlock, type LineBlock } from './block.ts';
import { BlockMaker, type Part } from './block-maker.ts';
import type { LineForm } from './line-form.ts';

/** What the thread is told at its start: `ahead` is how many blocks it may have made in advance. */
export interface BlockThreadSettings {
  readonly settings: WorldSettings;
  readonly form: LineForm;
  readonly part: Part;
  readonly ahead: number;
}

/** A block on its way: none of its lines in use on the way back. */
export interface BlockParcel {
  readonly memory: ArrayBuffer;
  readonly count: number;
}

const { settings, form, part, ahead }: BlockThreadSettings = workerData;
const maker = new BlockMaker(await world(settings), form, part);

/** Fills a block and hands it over; an empty one is the last. */
function send(block: LineBlock): void {
  maker.fill(block);
  const { memory, count } = block;
  const parcel: BlockParcel = { memory, count };
  parentPort?.postMessage(parcel, [memory]);
  if (count === 0) parentPort?.close();
}

// What comes back has been read, and is filled again.
parentPort?.on('message', ({ memory }: BlockParcel) => send(blockOn(memory, 0)));
for (let block = 0; block < ahead; block += 1) send(emptyBlock(form.labels === 'sidecar'));
