import type { Runtime } from '../../cli/runtime.ts';
import type { Values } from '../../cli/settings/define-setting.ts';
import type { ClientSettings, StreamClient } from '../../kinesis/client/stream-client.ts';
import { listedShards } from '../../kinesis/retries.ts';
import type { localSettings, streamSettings } from './flags/stream-flags.ts';

/** The flags of a stream of AWS. */
export interface RemoteValues extends Values<typeof streamSettings> {
  /** Where they are not --stream and --endpoint-url. */
  readonly flags?: ClientSettings['flags'];
}

/** The flags of the stream, wherever it is. */
export type StreamValues = RemoteValues & Values<typeof localSettings>;

/** A stream that is ready for use. `place` says where it is, for people. */
export interface OpenStream {
  readonly client: StreamClient;
  readonly name: string;
  readonly place: string;
  close(): Promise<void>;
}

/** Where a client says what a person should know. */
type Messages = Pick<Runtime, 'err'>;

/** Opens the stream of the flags: one of AWS, or with `--local` one that lives as long as the run. */
export async function openStream(values: StreamValues, runtime: Messages): Promise<OpenStream> {
  return values.local ? openLocal(values) : openRemote(values, 'put', runtime);
}

/** What a stream is opened for: only whoever puts records needs a thread that does it. */
type StreamPurpose = 'put' | 'read';

/** Opens a stream of AWS, or of whatever answers at the endpoint. */
export async function openRemote(
  values: RemoteValues,
  use: StreamPurpose,
  { err }: Messages,
): Promise<OpenStream> {
  const client = await kinesisClient(clientSettings(values, { err }), use);
  const close = async (): Promise<void> => client.close();
  const { stream: name, kinesisEndpointUrl } = values;
  return { client, name, place: kinesisEndpointUrl ?? client.region, close };
}

/** The client of the flags of a stream. */
export function clientSettings(values: RemoteValues, { err }: Messages): ClientSettings {
  const { stream, region, profile, kinesisEndpointUrl: endpointUrl, maxConnections } = values;
  return {
    stream,
    region,
    profile,
    endpointUrl,
    maxConnections,
    requestTimeoutMs: values.requestTimeout,
    connectTimeoutMs: values.connectTimeout,
    flags: values.flags,
    notify: (text) => void err.print(text),
  };
}

/** The same, once it is sure that the stream is there. Errors: those of the service. */
export async function openExisting(
  values: RemoteValues,
  use: StreamPurpose,
  { clock, stop, err }: Pick<Runtime, 'clock' | 'stop' | 'err'>,
): Promise<OpenStream> {
  const stream = await openRemote(values, use, { err });
  try {
    await listedShards(stream.client, { clock, stop, isFirstCall: true });
    return stream;
  } catch (error) {
    await stream.close();
    throw error;
  }
}

/** Starts an embedded Kinesis with the stream; closing it ends both. */
export async function openLocal({
  stream,
  shards,
  fault,
}: Pick<StreamValues, 'stream' | 'shards' | 'fault'>): Promise<OpenStream> {
  const { startEmbeddedKinesis } = await import('../../emulators/kinesis/embedded-kinesis.ts');
  const kinesis = await startEmbeddedKinesis({ streams: { [stream]: shards }, faults: fault });
  const { embeddedClient } = await import('../../emulators/kinesis/embedded-client.ts');
  const client = await embeddedClient(stream, kinesis.url);
  const close = async (): Promise<void> => {
    client.close();
    await kinesis.close();
  };
  return { client, name: stream, place: `embedded Kinesis of ${shards} shards`, close };
}

/** The SDK takes longer to load than all the rest: only runs with a stream need it. */
async function kinesisClient(settings: ClientSettings, use: StreamPurpose): Promise<StreamClient> {
  if (use === 'read') {
    const { streamClient } = await import('../../kinesis/client/stream-client.ts');
    return streamClient(settings);
  }
  const { threadedClient } = await import('../../kinesis/client/threaded-client.ts');
  return threadedClient(settings);
}
