import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import {
  InvokeEndpointCommand,
  type InvokeEndpointCommandInput,
  SageMakerRuntimeClient,
  type SageMakerRuntimeClientConfig,
} from '@aws-sdk/client-sagemaker-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { ConnectionSettings } from './client.ts';

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

/** One try a call: repetition is the scoring's own business. */
export function sdkConfig(settings: RuntimeSettings): SageMakerRuntimeClientConfig {
  const { region, profile, endpointUrl, credentials } = settings;
  const agent = { keepAlive: true, maxSockets: settings.connections };
  return {
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent(agent),
      connectionTimeout: settings.connectTimeoutMs,
      // As many wait for a socket as the limit lets: that is no sign of trouble.
      socketAcquisitionWarningTimeout: 2 ** 31 - 1,
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
