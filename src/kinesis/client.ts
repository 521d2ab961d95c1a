import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  KinesisClient,
  type KinesisClientConfig,
  type Shard as ListedShard,
  ListShardsCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { FraudstreamError } from '../fraudstream-error.ts';
import type { Entry, EntryResult, Shard } from './entry.ts';
import type { PutAnswer, PutClient } from './put-client.ts';
import type { Position, ReadClient, RecordPage } from './read-client.ts';
import { isFatal, serviceError, type Target, troubleOf } from './service-error.ts';

/** Where the stream is and how to speak to it. `stream` is a name or an ARN. */
export interface ClientSettings {
  readonly stream: string;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly endpointUrl?: string | undefined;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxConnections: number;
  readonly requestTimeoutMs: number;
  readonly connectTimeoutMs: number;
}

/** One stream of Kinesis through the AWS SDK: what the producer and the consumer want of it. */
export interface StreamClient extends PutClient, ReadClient {
  close(): void;
}

/** Source: Kinesis API reference, ListShards. */
const SHARDS_A_PAGE = 1_000;

/**
 * Opens a client for one stream.
 *
 * HTTP/1.1 with kept connections: the SDK's default for Kinesis opens an HTTP/2 connection for
 * every request. One try a call: repetition is the producer's and the consumer's own business.
 * Errors: throws `bad-config` without a region; its calls throw or answer as their interfaces say.
 */
export async function streamClient(settings: ClientSettings): Promise<StreamClient> {
  const sdk = new KinesisClient(sdkSettings(settings));
  const target = { ...settings, region: await regionOf(sdk), endpointUrl: settings.endpointUrl };
  const stream = settings.stream.startsWith('arn:')
    ? { StreamARN: settings.stream }
    : { StreamName: settings.stream };
  return {
    put: (entries) => put(sdk, stream, entries, target),
    listShards: () => orServiceError(listShards(sdk, stream), target),
    iterator: (shardId, position) =>
      orServiceError(iterator(sdk, { ...stream, ShardId: shardId, ...whence(position) }), target),
    records: (shardIterator, limit) => records(sdk, shardIterator, limit, target),
    close: () => sdk.destroy(),
  };
}

function sdkSettings(settings: ClientSettings): KinesisClientConfig {
  const agent = { keepAlive: true, maxSockets: settings.maxConnections };
  return {
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent(agent),
      connectionTimeout: settings.connectTimeoutMs,
      requestTimeout: settings.requestTimeoutMs,
      throwOnRequestTimeout: true,
    }),
    ...(settings.region === undefined ? {} : { region: settings.region }),
    ...(settings.profile === undefined ? {} : { profile: settings.profile }),
    ...(settings.endpointUrl === undefined ? {} : { endpoint: settings.endpointUrl }),
    ...(settings.credentials === undefined ? {} : { credentials: settings.credentials }),
  };
}

async function regionOf(sdk: KinesisClient): Promise<string> {
  try {
    return await sdk.config.region();
  } catch (cause) {
    const message = 'No AWS region is set. Give --region, or set AWS_REGION.';
    throw new FraudstreamError('bad-config', message, { cause });
  }
}

async function put(
  sdk: KinesisClient,
  stream: object,
  entries: readonly Entry[],
  target: Target,
): Promise<PutAnswer> {
  const Records = entries.map((entry) => ({
    PartitionKey: entry.partitionKey,
    ExplicitHashKey: entry.explicitHashKey,
    Data: entry.data,
  }));
  try {
    const answer = await sdk.send(new PutRecordsCommand({ ...stream, Records }));
    return { results: (answer.Records ?? []).map(entryResult) };
  } catch (error) {
    const trouble = troubleOf(error);
    const failure = { ...trouble, isFatal: isFatal(trouble), cause: serviceError(error, target) };
    return { results: [], failure };
  }
}

interface PutResult {
  readonly ShardId?: string | undefined;
  readonly SequenceNumber?: string | undefined;
  readonly ErrorCode?: string | undefined;
  readonly ErrorMessage?: string | undefined;
}

function entryResult({ ShardId, SequenceNumber, ErrorCode, ErrorMessage }: PutResult): EntryResult {
  if (ErrorCode) return { errorCode: ErrorCode, errorMessage: ErrorMessage ?? '' };
  return { shardId: ShardId ?? '', sequenceNumber: SequenceNumber ?? '' };
}

async function listShards(sdk: KinesisClient, stream: object): Promise<readonly Shard[]> {
  const shards: Shard[] = [];
  let next: string | undefined;
  do {
    // A further page is asked for by its token alone: naming the stream again is refused.
    const page = next ? { NextToken: next } : { ...stream, MaxResults: SHARDS_A_PAGE };
    const answer = await sdk.send(new ListShardsCommand(page));
    shards.push(...(answer.Shards ?? []).map(shardOf));
    next = answer.NextToken;
  } while (next);
  return shards;
}

function shardOf(shard: ListedShard): Shard {
  return {
    shardId: shard.ShardId ?? '',
    startingHashKey: shard.HashKeyRange?.StartingHashKey ?? '',
    endingHashKey: shard.HashKeyRange?.EndingHashKey ?? '',
    isOpen: shard.SequenceNumberRange?.EndingSequenceNumber === undefined,
    parentShardIds: [shard.ParentShardId, shard.AdjacentParentShardId].filter(
      (id) => id !== undefined,
    ),
  };
}

async function iterator(
  sdk: KinesisClient,
  input: GetShardIteratorCommandInput,
): Promise<string | undefined> {
  const answer = await sdk.send(new GetShardIteratorCommand(input));
  return answer.ShardIterator;
}

function whence(
  position: Position,
): Pick<
  GetShardIteratorCommandInput,
  'ShardIteratorType' | 'StartingSequenceNumber' | 'Timestamp'
> {
  if (position === 'latest') return { ShardIteratorType: 'LATEST' };
  if (position === 'trim-horizon') return { ShardIteratorType: 'TRIM_HORIZON' };
  if ('timestamp' in position) {
    return { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(position.timestamp) };
  }
  return {
    ShardIteratorType: 'AT_SEQUENCE_NUMBER',
    StartingSequenceNumber: position.sequenceNumber,
  };
}

async function records(
  sdk: KinesisClient,
  shardIterator: string,
  limit: number,
  target: Target,
): Promise<RecordPage> {
  try {
    const answer = await sdk.send(
      new GetRecordsCommand({ ShardIterator: shardIterator, Limit: limit }),
    );
    return {
      entries: (answer.Records ?? []).map((record) => ({
        sequenceNumber: record.SequenceNumber ?? '',
        partitionKey: record.PartitionKey ?? '',
        data: record.Data ?? new Uint8Array(),
        arrivedAt: record.ApproximateArrivalTimestamp?.getTime() ?? Number.NaN,
      })),
      next: answer.NextShardIterator,
      behindMs: answer.MillisBehindLatest ?? 0,
    };
  } catch (error) {
    const trouble = troubleOf(error);
    if (isFatal(trouble) && trouble.code !== 'InvalidArgumentException') {
      throw serviceError(error, target);
    }
    return { entries: [], next: undefined, behindMs: 0, failure: trouble };
  }
}

async function orServiceError<T>(call: Promise<T>, target: Target): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw serviceError(error, target);
  }
}
