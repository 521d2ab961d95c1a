import { parentPort, workerData } from 'node:worker_threads';
import { FraudstreamError } from '../../errors.ts';
import type { PutAnswer } from '../put-client.ts';
import { type TransferredEntries, unpackEntries } from './entry-transfer.ts';
import { type ClientSettings, streamClient } from './stream-client.ts';

/** Message to the request thread, and its answer; errors cross as code and message. */
export interface PutOrder {
  readonly order: number;
  readonly entries: TransferredEntries;
}
export interface PutReply {
  readonly order: number;
  readonly answer: PutAnswer;
  readonly cause?: { readonly code: FraudstreamError['code']; readonly message: string };
}

/** What a person should know. */
export interface PutNotice {
  readonly notice: string;
}

// The SDK of the main thread has warned of this version of Node.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const settings: ClientSettings = workerData;
const notify = (notice: string): void => parentPort?.postMessage({ notice } satisfies PutNotice);
const client = streamClient({ ...settings, notify });

parentPort?.on('message', async ({ order, entries }: PutOrder) => {
  const { results, failure } = await (await client).put(unpackEntries(entries));
  const { cause, ...withoutCause } = failure ?? {};
  const reply = { order, answer: failure ? { results, failure: withoutCause } : { results } };
  const crossing = cause instanceof FraudstreamError && {
    cause: { code: cause.code, message: cause.message },
  };
  parentPort?.postMessage({ ...reply, ...crossing });
});
