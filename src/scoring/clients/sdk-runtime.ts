import {
  InvokeEndpointCommand,
  type InvokeEndpointCommandInput,
  SageMakerRuntimeClient,
  type SageMakerRuntimeClientConfig,
} from '@aws-sdk/client-sagemaker-runtime';
import { BoundedHandler } from '../../http/bounded-handler.ts';
import { type ConnectionSettings, longestAnswerBytes } from './client.ts';

/** A SageMaker endpoint, and how the SDK is to find it. */
export interface RuntimeSettings extends ConnectionSettings {
  readonly endpointName: string;
  readonly targetVariant: string | undefined;
  readonly inferenceComponent: string | undefined;
  readonly region: string | undefined;
  readonly profile: string | undefined;
  readonly endpointUrl: string | undefined;
  readonly credentials?:
    | { readonly accessKeyId: string; readonly secretAccessKey: string }
    | undefined;
  readonly contentType: string;
  readonly accept: string;
}

/** One try a call, ended by whoever makes it: repetition and time are the scoring's own business. */
export function sdkConfig(settings: RuntimeSettings): SageMakerRuntimeClientConfig {
  const { region, profile, endpointUrl, credentials } = settings;
  return {
    maxAttempts: 1,
    requestHandler: new BoundedHandler({
      maxConnections: settings.connections,
      connectTimeoutMs: settings.connectTimeoutMs,
      requestTimeoutMs: Number.POSITIVE_INFINITY,
      maxAnswerBytes: ({ body }) => longestAnswerBytes(body?.length ?? 0),
    }),
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
    ...(credentials === undefined ? {} : { credentials }),
  };
}

export function runtimeClient(settings: RuntimeSettings): SageMakerRuntimeClient {
  return new SageMakerRuntimeClient(sdkConfig(settings));
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
