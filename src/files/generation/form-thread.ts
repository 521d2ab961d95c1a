import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { FraudstreamError } from '../../errors.ts';
import { formedBlocks } from '../../generators/lines/formed-blocks.ts';
import type { LineBlock } from '../../generators/lines/line-block.ts';
import { type WorldSettings, world } from '../../generators/world.ts';
import { contractFile } from '../contract-file.ts';
import { lineWriter } from './form-lines.ts';

/** Settings of the thread: the part of the world is a partition of its settings. */
export interface FormThreadSettings {
  readonly settings: WorldSettings;
  readonly path: string;
  readonly hasLabels: boolean;
}

/** A block for each message of the other side; after the last one, or an error, nothing more. */
export type FromFormThread =
  | { readonly block: LineBlock }
  | { readonly error: Pick<FraudstreamError, 'code' | 'lines'> }
  | { readonly isEnd: true };

async function* blocks(): AsyncGenerator<LineBlock> {
  const { settings, path, hasLabels }: FormThreadSettings = workerData;
  const { transactions } = await contractFile(path);
  if (!transactions) throw new FraudstreamError('bad-config', `${path} has changed.`);
  yield* formedBlocks(await world(settings), lineWriter(transactions, settings), hasLabels);
}

const port = parentPort as MessagePort;
const made = blocks();
port.on('message', async () => {
  try {
    const { done, value: block } = await made.next();
    if (done) {
      port.postMessage({ isEnd: true } satisfies FromFormThread);
      port.close();
      return;
    }
    const memory = [
      block.keys,
      block.scenarios,
      ...block.tracks.flatMap(({ bytes, ends }) => [bytes, ends]),
    ];
    port.postMessage(
      { block } satisfies FromFormThread,
      memory.map(({ buffer }) => buffer as ArrayBuffer),
    );
  } catch (error) {
    if (!(error instanceof FraudstreamError)) throw error;
    port.postMessage({ error: { code: error.code, lines: error.lines } } satisfies FromFormThread);
    port.close();
  }
});
