import {
  InvokeEndpointCommand,
  type InvokeEndpointCommandInput,
  type InvokeEndpointCommandOutput,
  SageMakerRuntimeClient,
  type SageMakerRuntimeClientConfig,
} from '@aws-sdk/client-sagemaker-runtime';
import { recoverCalls } from '../../http/recovering-calls.ts';
import { sdkSettings } from '../../http/sdk-client.ts';
import type { Clock } from '../../stream/clock.ts';
import {
  type ConnectionSettings,
  longestAnswerBytes,
  modelVersionOf,
  type Reply,
} from '../score-client.ts';
import { failureOf } from './connection-failure.ts';
import { retryAfterMs } from './retry-after.ts';

/** A SageMaker endpoint, and how the SDK is to find it. */
export interface RuntimeSettings extends ConnectionSettings {
  readonly endpointName: string;
  readonly targetVariant?: string | undefined;
  readonly inferenceComponent?: string | undefined;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly endpointUrl?: string | undefined;
  readonly credentials?:
    | { readonly accessKeyId: string; readonly secretAccessKey: string }
    | undefined;
  readonly contentType: string;
  readonly accept: string;
}

/** One attempt a call, without a timeout: the scorer repeats and times out requests. */
export function sdkConfig(settings: RuntimeSettings): SageMakerRuntimeClientConfig {
  const { connections: maxConnections, connectTimeoutMs, credentials } = settings;
  const bounds = {
    ...{ maxConnections, connectTimeoutMs, requestTimeoutMs: Number.POSITIVE_INFINITY },
    maxAnswerBytes: ({ body }: { readonly body?: Uint8Array }) =>
      longestAnswerBytes(body?.length ?? 0),
  };
  return {
    ...sdkSettings(settings, 1, bounds),
    ...(credentials === undefined ? {} : { credentials }),
  };
}

export function runtimeClient(settings: RuntimeSettings): SageMakerRuntimeClient {
  const sdk = new SageMakerRuntimeClient(sdkConfig(settings));
  recoverCalls(sdk, settings.notify);
  return sdk;
}

export function invokeCommand(settings: RuntimeSettings, body: Uint8Array): InvokeEndpointCommand {
  const { endpointName, targetVariant, inferenceComponent, contentType, accept } = settings;
  const input: InvokeEndpointCommandInput = {
    EndpointName: endpointName,
    ContentType: contentType,
    Accept: accept,
    Body: body,
    ...(targetVariant === undefined ? {} : { TargetVariant: targetVariant }),
    ...(inferenceComponent === undefined ? {} : { InferenceComponentName: inferenceComponent }),
  };
  return new InvokeEndpointCommand(input);
}

/** One InvokeEndpoint by the AWS SDK as it is. Never rejects. */
export async function sdkCall(
  sdk: SageMakerRuntimeClient,
  settings: RuntimeSettings,
  body: Uint8Array,
  abortSignal: AbortSignal,
  clock: Pick<Clock, 'now'>,
): Promise<Reply> {
  try {
    return answerOf(await sdk.send(invokeCommand(settings, body), { abortSignal }));
  } catch (error) {
    return errorOf(error, clock.now());
  }
}

function answerOf(output: InvokeEndpointCommandOutput): Reply {
  return {
    status: output.$metadata.httpStatusCode ?? 200,
    errorType: undefined,
    contentType: output.ContentType ?? '',
    body: output.Body ?? new Uint8Array(),
    modelVersion: modelVersionOf(output.CustomAttributes, output.InvokedProductionVariant),
    retryAfterMs: undefined,
  };
}

/** An exception of the service as the answer that it was; anything else never was one. */
function errorOf(error: unknown, now: number): Reply {
  const said = (typeof error === 'object' && error !== null ? error : {}) as SdkServiceError;
  const status = said.$response?.statusCode ?? said.$metadata?.httpStatusCode;
  if (status === undefined) return failureOf(error);
  const { OriginalStatusCode, OriginalMessage } = said;
  const message = said.Message ?? said.message ?? '';
  return {
    status,
    errorType: said.name,
    contentType: 'application/json',
    body: Buffer.from(JSON.stringify({ message, OriginalStatusCode, OriginalMessage })),
    modelVersion: undefined,
    retryAfterMs: retryAfterMs(said.$response?.headers?.['retry-after'], now),
    location: said.$response?.headers?.location,
  };
}

/** As much of an exception of the SDK as is read. */
interface SdkServiceError {
  readonly name?: string;
  readonly message?: string;
  readonly Message?: string;
  readonly OriginalStatusCode?: number;
  readonly OriginalMessage?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: {
    readonly statusCode?: number;
    readonly headers?: Readonly<Record<string, string>>;
  };
  readonly $retryable?: object;
}
