import {
  DescribeStreamSummaryCommand,
  KinesisClient,
  type KinesisClientConfig,
} from '@aws-sdk/client-kinesis';
import { FraudstreamError } from '../../errors.ts';
import { SMALL_ANSWER_BYTES } from '../../http/bounded-handler.ts';
import { EventStreamHandler } from '../../http/event-stream-handler.ts';
import type { Notify } from '../../http/recovering-calls.ts';
import { guardCalls, NO_REGION, sdkSettings } from '../../http/sdk-client.ts';
import type { PutClient } from '../put-client.ts';
import type { ReadClient, StreamIdentity } from '../read-client.ts';
import { MemoryPool } from './memory-pool.ts';
import { putRecords } from './put-records.ts';
import { getRecords, listShards, shardIterator } from './read-shard.ts';
import { type Flags, orServiceError } from './service-error.ts';

/** Address, credentials and limits of a client. `stream` is a name or an ARN. */
export interface ClientSettings {
  readonly stream: string;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly endpointUrl?: string | undefined;
  readonly credentials?:
    | { readonly accessKeyId: string; readonly secretAccessKey: string }
    | undefined;
  readonly maxConnections: number;
  readonly requestTimeoutMs: number;
  readonly connectTimeoutMs: number;
  /** Between two events of a subscription; longer than the heartbeat of AWS unless given. */
  readonly silenceMs?: number | undefined;
  readonly flags?: Flags | undefined;
  /** What a person should know, such as a clock that is off. */
  readonly notify?: Notify | undefined;
}

/** A client of one stream: the interfaces of producer and consumer. */
export interface StreamClient extends PutClient, ReadClient {
  readonly region: string;
  /** What a record may have, data and key together; the default where the stream does not say. */
  maxRecordBytes(): Promise<number>;
  close(): void;
}

/**
 * Opens a client for one stream.
 *
 * Every call ends within `requestTimeoutMs`, the last byte of its answer included. One try a call:
 * repetition is the producer's and the consumer's own business.
 * Errors: throws `bad-config` without a region; its calls throw or answer as their interfaces say.
 */
export async function streamClient(settings: ClientSettings): Promise<StreamClient> {
  const sdk = kinesisClient(settings);
  const region = await regionOf(sdk);
  const { stream, endpointUrl, flags } = settings;
  const address = addressOf(stream);
  const target = { stream, region, endpointUrl, flags };
  const pool = new MemoryPool((bytes) => new ArrayBuffer(bytes));
  return {
    region,
    put: (entries) => putRecords(sdk, address, entries, target, pool),
    maxRecordBytes: () => maxRecordBytes(sdk, address),
    identity: () => identity(sdk, address),
    listShards: () => orServiceError(listShards(sdk, address), target),
    iterator: (shardId, position) =>
      orServiceError(shardIterator(sdk, address, shardId, position), target),
    records: (iterator, limit) => getRecords(sdk, iterator, limit, target),
    close: () => sdk.destroy(),
  };
}

/**
 * The most that an answer to GetRecords can be: 10 MiB of data as base64, and for each of 10,000
 * records its sequence number, its time, and a partition key of 256 characters as escapes.
 * Source: Kinesis API reference, GetRecords.
 */
const RECORDS_ANSWER_BYTES = Math.ceil((10 * 1_048_576 * 4) / 3) + 10_000 * 2_048;

/** Makes an SDK client whose calls all end in bounded time. */
export function kinesisClient(settings: ClientSettings): KinesisClient {
  const sdk = new KinesisClient(configOf(settings));
  guardCalls(sdk, settings.requestTimeoutMs, settings.notify);
  return sdk;
}

/** Between two events of a subscription pass at most 5 s or so. Seen on AWS; not documented. */
const SILENCE_MS = 20_000;

/** Makes an SDK client for calls that are answered by an event stream. */
export function eventStreamClient(settings: ClientSettings): KinesisClient {
  const { connectTimeoutMs, requestTimeoutMs, profile, silenceMs = SILENCE_MS } = settings;
  const bounds = { connectTimeoutMs, requestTimeoutMs, silenceMs, profile };
  const requestHandler = new EventStreamHandler(bounds);
  const sdk = new KinesisClient({ ...configOf(settings), requestHandler });
  guardCalls(sdk, requestTimeoutMs, settings.notify);
  return sdk;
}

function configOf(settings: ClientSettings): KinesisClientConfig {
  const { maxConnections, connectTimeoutMs, requestTimeoutMs, credentials } = settings;
  // A stream is in the region of its ARN, whatever the environment says.
  const region = regionOfArn(settings.stream) ?? settings.region;
  const bounds = {
    ...{ maxConnections, connectTimeoutMs, requestTimeoutMs },
    maxAnswerBytes: ({ headers }: { readonly headers: Readonly<Record<string, string>> }) =>
      headers['x-amz-target']?.endsWith('.GetRecords') ? RECORDS_ANSWER_BYTES : SMALL_ANSWER_BYTES,
  };
  return {
    ...sdkSettings({ ...settings, region }, 1, bounds),
    ...(credentials === undefined ? {} : { credentials }),
  };
}

/**
 * Returns the address that calls go to: by the endpoint rules of the SDK, which know partitions, FIPS and dual stack.
 *
 * `undefined` while no region is known.
 */
export async function kinesisAddress(settings: ClientSettings): Promise<string | undefined> {
  if (settings.endpointUrl !== undefined) return settings.endpointUrl;
  const sdk = new KinesisClient(configOf(settings));
  try {
    const { endpointProvider, region, useFipsEndpoint, useDualstackEndpoint } = sdk.config;
    const { url } = endpointProvider({
      Region: await region(),
      UseFIPS: await useFipsEndpoint(),
      UseDualStack: await useDualstackEndpoint(),
    });
    return url.href;
  } catch {
    // The checks of the stream say what is missing.
    return undefined;
  } finally {
    sdk.destroy();
  }
}

/** Returns the region of the SDK's configuration. Errors: `bad-config` when it finds none. */
export async function regionOf(sdk: KinesisClient): Promise<string> {
  try {
    return await sdk.config.region();
  } catch (cause) {
    throw new FraudstreamError('bad-config', NO_REGION, { cause });
  }
}

/** 1 MiB where it is not known, as without the permission to ask. Source: Kinesis quotas. */
async function maxRecordBytes(
  sdk: KinesisClient,
  address: ReturnType<typeof addressOf>,
): Promise<number> {
  const answer = await sdk.send(new DescribeStreamSummaryCommand(address)).catch(() => undefined);
  return 1_024 * (answer?.StreamDescriptionSummary?.MaxRecordSizeInKiB ?? 1_024);
}

/** Source: IAM, resource types defined by Amazon Kinesis Data Streams. */
const STREAM_ARN = /^arn:[\w-]+:kinesis:([a-z0-9-]+):\d{12}:stream\/[\w.-]{1,128}$/;

/** Returns the region in the ARN of a stream; `undefined` for a name. Errors: `usage` for another ARN. */
export function regionOfArn(stream: string): string | undefined {
  if (!stream.startsWith('arn:')) return undefined;
  const region = STREAM_ARN.exec(stream)?.[1];
  if (region !== undefined) return region;
  const message = `"${stream}" is not the ARN of a Kinesis stream. Write arn:aws:kinesis:REGION:ACCOUNT:stream/NAME, or only the name.`;
  throw new FraudstreamError('usage', message);
}

/** Undefined without the permission to ask. */
async function identity(
  sdk: KinesisClient,
  address: ReturnType<typeof addressOf>,
): Promise<StreamIdentity | undefined> {
  const answer = await sdk.send(new DescribeStreamSummaryCommand(address)).catch(() => undefined);
  const { StreamARN: arn, StreamCreationTimestamp: created } =
    answer?.StreamDescriptionSummary ?? {};
  if (arn === undefined || !(created instanceof Date)) return undefined;
  return { arn, createdAt: created.getTime() };
}

/** Returns the request fields that name a stream: its name or its ARN. */
export function addressOf(stream: string): { StreamARN: string } | { StreamName: string } {
  return stream.startsWith('arn:') ? { StreamARN: stream } : { StreamName: stream };
}
