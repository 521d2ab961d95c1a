import type { Runtime } from '../../cli/runtime.ts';
import type { KinesisFault } from '../../emulators/kinesis/faults.ts';
import type { ClientSettings, StreamClient } from '../../kinesis/client/stream-client.ts';
import { listedShards } from '../../kinesis/retries.ts';

/** Enough for loopback. */
const CONNECTIONS = 24;
const TIMEOUT_MS = 6_000;

/** What the flags say about a stream of AWS. */
export interface RemoteValues {
  readonly stream: string;
  readonly region: string | undefined;
  readonly profile: string | undefined;
  readonly endpointUrl: string | undefined;
  readonly maxConnections: number;
  readonly requestTimeout: number;
  readonly connectTimeout: number;
  /** Where they are not --stream and --endpoint-url. */
  readonly flags?: ClientSettings['flags'];
}

/** What the flags say about an embedded stream. */
export interface LocalValues {
  readonly stream: string;
  readonly shards: number;
  readonly fault: readonly KinesisFault[];
}

/** What the flags say about the stream, wherever it is. */
export interface StreamValues extends RemoteValues, LocalValues {
  readonly local: boolean;
}

/** A stream that is ready for use. `place` says where it is, for people. */
export interface OpenStream {
  readonly client: StreamClient;
  readonly name: string;
  readonly place: string;
  close(): Promise<void>;
}

/** Opens the stream of the flags: one of AWS, or with `--local` one that lives as long as the run. */
export async function openStream(values: StreamValues): Promise<OpenStream> {
  return values.local ? openLocal(values) : openRemote(values);
}

/** Opens a stream of AWS, or of whatever answers at the endpoint. */
export async function openRemote(values: RemoteValues): Promise<OpenStream> {
  const { stream, region, profile, endpointUrl, maxConnections } = values;
  const client = await kinesisClient({
    stream,
    region,
    profile,
    endpointUrl,
    maxConnections,
    requestTimeoutMs: values.requestTimeout,
    connectTimeoutMs: values.connectTimeout,
    flags: values.flags,
  });
  const close = async (): Promise<void> => client.close();
  return { client, name: stream, place: endpointUrl ?? client.region, close };
}

/** The same, once it is sure that the stream is there. Errors: those of the service. */
export async function openExisting(
  values: RemoteValues,
  { clock, stop }: Pick<Runtime, 'clock' | 'stop'>,
): Promise<OpenStream> {
  const stream = await openRemote(values);
  try {
    await listedShards(stream.client, { clock, stop, isFirstCall: true });
    return stream;
  } catch (error) {
    await stream.close();
    throw error;
  }
}

/** What every service of this machine takes. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' } as const;

/** Opens a stream of an embedded Kinesis that runs already. */
export async function openEmbedded(stream: string, endpointUrl: string): Promise<OpenStream> {
  const client = await kinesisClient({
    stream,
    region: 'us-east-1',
    endpointUrl,
    credentials: localCredentials,
    maxConnections: CONNECTIONS,
    requestTimeoutMs: TIMEOUT_MS,
    connectTimeoutMs: TIMEOUT_MS,
  });
  return { client, name: stream, place: endpointUrl, close: async () => client.close() };
}

/** The SDK takes longer to load than all the rest: only runs with a stream need it. */
async function kinesisClient(settings: ClientSettings): Promise<StreamClient> {
  const { threadedClient } = await import('../../kinesis/client/threaded-client.ts');
  return threadedClient(settings);
}

/** Starts an embedded Kinesis with the stream; closing it ends both. */
export async function openLocal({ stream, shards, fault }: LocalValues): Promise<OpenStream> {
  const { startEmbeddedKinesis } = await import('../../emulators/kinesis/embedded-kinesis.ts');
  const kinesis = await startEmbeddedKinesis({ streams: { [stream]: shards }, faults: fault });
  const open = await openEmbedded(stream, kinesis.url);
  const close = async (): Promise<void> => {
    await open.close();
    await kinesis.close();
  };
  return { ...open, place: `embedded Kinesis of ${shards} shards`, close };
}
