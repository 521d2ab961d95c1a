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

const settings: ClientSettings = workerData;
const client = streamClient(settings);

parentPort?.on('message', async ({ order, entries }: PutOrder) => {
  const { results, failure } = await (await client).put(unpackEntries(entries));
  const { cause, ...withoutCause } = failure ?? {};
  const reply = { order, answer: failure ? { results, failure: withoutCause } : { results } };
  const crossing = cause instanceof FraudstreamError && {
    cause: { code: cause.code, message: cause.message },
  };
  parentPort?.postMessage({ ...reply, ...crossing });
});
