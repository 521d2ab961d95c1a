import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../runtime.ts';
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

/** What a person should know. */
export interface SdkNotice {
  readonly notice: string;
}

// The SDK of the main thread has warned of this version of Node.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const settings: RuntimeSettings = workerData;
const notify = (notice: string): void => parentPort?.postMessage({ notice } satisfies SdkNotice);
const sdk = runtimeClient({ ...settings, notify });
const underWay = new Map<number, AbortController>();

parentPort?.on('message', async ({ order, body }: SdkOrder) => {
  if (body === undefined) return underWay.get(order)?.abort();
  const stop = new AbortController();
  underWay.set(order, stop);
  const reply = await sdkCall(sdk, settings, body, stop.signal, systemClock);
  underWay.delete(order);
  parentPort?.postMessage({ order, reply } satisfies SdkReply);
});
