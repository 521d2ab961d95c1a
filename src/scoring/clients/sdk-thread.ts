import { parentPort, workerData } from 'node:worker_threads';
import type { Reply } from '../score-client.ts';
import { type RuntimeSettings, runtimeClient, sdkCall } from './sdk-runtime.ts';

/** A call asked of the thread; without a body, the call of that number is given up. */
export interface SdkOrder {
  readonly order: number;
  readonly body?: Uint8Array;
}
export interface SdkReply {
  readonly order: number;
  readonly reply: Reply;
}

const settings: RuntimeSettings = workerData;
const sdk = runtimeClient(settings);
const underWay = new Map<number, AbortController>();

parentPort?.on('message', async ({ order, body }: SdkOrder) => {
  if (body === undefined) return underWay.get(order)?.abort();
  const stop = new AbortController();
  underWay.set(order, stop);
  const reply = await sdkCall(sdk, settings, body, stop.signal);
  underWay.delete(order);
  parentPort?.postMessage({ order, reply } satisfies SdkReply);
});
