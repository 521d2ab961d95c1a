import type {
  InvokeEndpointCommandOutput,
  SageMakerRuntimeClient,
} from '@aws-sdk/client-sagemaker-runtime';
import type { Reply } from '../endpoint.ts';
import { modelVersionOf } from './client.ts';
import { failureOf } from './failure.ts';
import { invokeCommand, type RuntimeSettings } from './sdk-runtime.ts';

/** One InvokeEndpoint by the AWS SDK as it is. Never rejects. */
export async function sdkCall(
  sdk: SageMakerRuntimeClient,
  settings: RuntimeSettings,
  body: Uint8Array,
  abortSignal: AbortSignal,
): Promise<Reply> {
  try {
    return answerOf(await sdk.send(invokeCommand(settings, body), { abortSignal }));
  } catch (error) {
    return errorOf(error);
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
function errorOf(error: unknown): Reply {
  const said = (typeof error === 'object' && error !== null ? error : {}) as ServiceError;
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
    retryAfterMs: said.$retryable === undefined ? undefined : retryAfterOf(said),
  };
}

function retryAfterOf({ $response }: ServiceError): number | undefined {
  const seconds = Number($response?.headers?.['retry-after']);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

/** As much of an exception of the SDK as is read. */
interface ServiceError {
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
