import type { ClientSettings, StreamClient } from '../../kinesis/client/stream-client.ts';
import { threadedClient } from '../../kinesis/client/threaded-client.ts';
import type { Fault } from '../../local/fault.ts';

/** What the flags say about the stream. */
export interface StreamValues {
  readonly stream: string;
  readonly local: boolean;
  readonly shards: number;
  readonly fault: readonly Fault[];
  readonly region: string | undefined;
  readonly profile: string | undefined;
  readonly endpointUrl: string | undefined;
  readonly maxConnections: number;
  readonly requestTimeout: number;
  readonly connectTimeout: number;
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

async function openRemote(values: StreamValues): Promise<OpenStream> {
  const client = await threadedClient(clientSettings(values));
  const place = values.endpointUrl ?? client.region;
  return { client, name: values.stream, place, close: async () => client.close() };
}

async function openLocal(values: StreamValues): Promise<OpenStream> {
  const { startEmbeddedKinesis } = await import('../../local/embedded-kinesis.ts');
  const { stream, shards, fault } = values;
  const kinesis = await startEmbeddedKinesis({ streams: { [stream]: shards }, faults: fault });
  const client = await threadedClient({
    ...clientSettings(values),
    region: 'us-east-1',
    profile: undefined,
    endpointUrl: kinesis.url,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const close = async (): Promise<void> => {
    client.close();
    await kinesis.close();
  };
  return { client, name: stream, place: `embedded Kinesis, ${shards} shards`, close };
}

function clientSettings(values: StreamValues): ClientSettings {
  return {
    stream: values.stream,
    region: values.region,
    profile: values.profile,
    endpointUrl: values.endpointUrl,
    maxConnections: values.maxConnections,
    requestTimeoutMs: values.requestTimeout,
    connectTimeoutMs: values.connectTimeout,
  };
}
