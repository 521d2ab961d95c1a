import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { KinesisClient, type KinesisClientConfig } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { FraudstreamError } from '../../fraudstream-error.ts';
import type { PutClient } from '../put-client.ts';
import type { ReadClient } from '../read-client.ts';
import { listShards } from './list-shards.ts';
import { putRecords } from './put-records.ts';
import { getRecords, shardIterator } from './read-shard.ts';
import { type Flags, serviceError } from './service-error.ts';

/** Where the stream is and how to speak to it. `stream` is a name or an ARN. */
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
  readonly flags?: Flags | undefined;
}

/** One stream of Kinesis through the AWS SDK: what the producer and the consumer want of it. */
export interface StreamClient extends PutClient, ReadClient {
  readonly region: string;
  close(): void;
}

/**
 * Opens a client for one stream.
 *
 * HTTP/1.1 with kept connections: the SDK's default for Kinesis opens an HTTP/2 connection for
 * every request. One try a call: repetition is the producer's and the consumer's own business.
 * Errors: throws `bad-config` without a region; its calls throw or answer as their interfaces say.
 */
export async function streamClient(settings: ClientSettings): Promise<StreamClient> {
  const sdk = new KinesisClient(sdkSettings(settings));
  const region = await regionOf(sdk);
  const { stream, endpointUrl, flags } = settings;
  const address = addressOf(stream);
  const target = { stream, region, endpointUrl, flags };
  const orServiceError = async <T>(call: Promise<T>): Promise<T> => {
    try {
      return await call;
    } catch (error) {
      throw serviceError(error, target);
    }
  };
  return {
    region,
    put: (entries) => putRecords(sdk, address, entries, target),
    listShards: () => orServiceError(listShards(sdk, address)),
    iterator: (shardId, position) => orServiceError(shardIterator(sdk, address, shardId, position)),
    records: (iterator, limit) => getRecords(sdk, iterator, limit, target),
    close: () => sdk.destroy(),
  };
}

/** The settings as the SDK takes them. */
export function sdkSettings(settings: ClientSettings): KinesisClientConfig {
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

/** The region that the SDK finds. Errors: `bad-config` when it finds none. */
export async function regionOf(sdk: KinesisClient): Promise<string> {
  try {
    return await sdk.config.region();
  } catch (cause) {
    const message = 'No AWS region is set. Give --region, or set AWS_REGION.';
    throw new FraudstreamError('bad-config', message, { cause });
  }
}

/** A stream as requests name it: by its name or its ARN. */
export function addressOf(stream: string): { StreamARN: string } | { StreamName: string } {
  return stream.startsWith('arn:') ? { StreamARN: stream } : { StreamName: stream };
}
