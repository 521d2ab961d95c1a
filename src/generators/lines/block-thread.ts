import { parentPort, workerData } from 'node:worker_threads';
import type { WorldSettings } from '../world.ts';
import { world } from '../world.ts';
import { buffersOf, emptyBlock, type LineBlock } from './block.ts';
import { BlockMaker, type Part } from './block-maker.ts';
import type { LineForm } from './line-form.ts';

/** What the thread is told at its start: `ahead` is how many blocks it may have made in advance. */
export interface BlockThreadSettings {
  readonly settings: WorldSettings;
  readonly form: LineForm;
  readonly part: Part;
  readonly ahead: number;
}

const { settings, form, part, ahead }: BlockThreadSettings = workerData;
const maker = new BlockMaker(await world(settings), form, part);

/** Every block that comes back is filled again; an empty one is the last. */
function send(block: LineBlock): void {
  maker.fill(block);
  parentPort?.postMessage(block, buffersOf(block) as ArrayBuffer[]);
  if (block.count === 0) parentPort?.close();
}

parentPort?.on('message', send);
for (let block = 0; block < ahead; block += 1) send(emptyBlock(form.labels === 'sidecar'));
