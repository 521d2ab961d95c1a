import type { ClientSettings, StreamClient } from '../../kinesis/client/stream-client.ts';
import { threadedClient } from '../../kinesis/client/threaded-client.ts';

/** Accepted by every emulator that does not check signatures. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' } as const;

/** Enough for loopback. */
const CONNECTIONS = 24;
const TIMEOUT_MS = 6_000;

/** Opens a client of a stream of an embedded Kinesis that runs at the URL. */
export function embeddedClient(stream: string, url: string): Promise<StreamClient> {
  return threadedClient(embeddedSettings(stream, url));
}

/** The same for whoever reads the stream or puts little: without a thread that puts. */
export async function embeddedReader(stream: string, url: string): Promise<StreamClient> {
  // Loading the SDK takes long; the thread that puts, if any, has begun with it.
  const { streamClient } = await import('../../kinesis/client/stream-client.ts');
  return streamClient(embeddedSettings(stream, url));
}

/** How a client reaches a stream of an embedded Kinesis. */
export function embeddedSettings(stream: string, url: string): ClientSettings {
  return {
    stream,
    region: 'us-east-1',
    endpointUrl: url,
    credentials: localCredentials,
    maxConnections: CONNECTIONS,
    requestTimeoutMs: TIMEOUT_MS,
    connectTimeoutMs: TIMEOUT_MS,
  };
}
