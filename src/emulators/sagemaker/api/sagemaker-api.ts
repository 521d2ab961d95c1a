import { percentDecoded } from '../../../text/percent-encoding.ts';
import type { ContainerAnswer } from '../container/container.ts';
import {
  type ApiAdapter,
  type ApiAnswer,
  type ApiRequest,
  asTheyCame,
  invalid,
  isServiceError,
  type ServiceError,
  serviceErrors,
} from './api-adapter.ts';

/** What stands behind the route of the SageMaker runtime. */
export interface SageMakerApiSettings {
  readonly name: string;
  readonly region: string;
  /** The first is invoked unless a request names another. */
  readonly variants: readonly string[];
  /** With some, every request must name one. */
  readonly inferenceComponents: readonly string[];
  /** Of the model, which an answer names where the request sends no custom attributes. */
  readonly modelVersion?: string | undefined;
}

/** An account of nobody, as in the documentation of AWS. */
const ACCOUNT = '123456789012';
/** A container must have answered by then. Source: InvokeEndpoint. */
const PATIENCE_MS = 60_000;
const ATTRIBUTES = 'x-amzn-sagemaker-custom-attributes';
/** Visible ASCII without what separates attributes. Source: CustomAttributes of InvokeEndpoint. */
const IN_ATTRIBUTES = /^[!-+\--:<-~]{1,256}$/;
const route = /^\/endpoints\/([^/]+)\/invocations$/;

/** InvokeEndpoint of the SageMaker runtime in front of a container. Source: its API reference. */
export function sageMakerApi(settings: SageMakerApiSettings): ApiAdapter {
  const [firstVariant = 'AllTraffic'] = settings.variants;
  return {
    service: 'sagemaker',
    timeoutMs: PATIENCE_MS,
    refuse: ({ method, path, headers }) =>
      method === 'POST' ? refusal(settings, path, headers) : serviceErrors.unknown,
    invocation: asTheyCame,
    answer(outcome, request, requestId) {
      if (isServiceError(outcome)) return errorAnswer(outcome, requestId);
      if (outcome.status >= 300 || outcome.status === 0)
        return modelError(outcome, settings, requestId);
      const variant = request.headers['x-amzn-sagemaker-target-variant'] ?? firstVariant;
      const headers = [
        'x-amzn-RequestId',
        requestId,
        'x-Amzn-Invoked-Production-Variant',
        String(variant),
        'Content-Type',
        outcome.type,
      ];
      const attributes = request.headers[ATTRIBUTES] ?? attributesOf(settings);
      if (attributes !== undefined) {
        headers.push('X-Amzn-SageMaker-Custom-Attributes', String(attributes));
      }
      return { status: outcome.status, headers, body: outcome.body };
    },
  };
}

/** The version of the model as custom attributes, where a header can hold it. */
function attributesOf({ modelVersion }: SageMakerApiSettings): string | undefined {
  return modelVersion !== undefined && IN_ATTRIBUTES.test(modelVersion)
    ? `model_version=${modelVersion}`
    : undefined;
}

function refusal(
  { name, variants, inferenceComponents }: SageMakerApiSettings,
  path: string,
  headers: ApiRequest['headers'],
): ServiceError | undefined {
  const [, endpoint] = route.exec(path) ?? [];
  if (endpoint === undefined) return serviceErrors.unknown;
  if (percentDecoded(endpoint) !== name) {
    return invalid(`Endpoint ${endpoint} of account ${ACCOUNT} not found.`);
  }
  const variant = headers['x-amzn-sagemaker-target-variant'];
  if (variant !== undefined && !variants.includes(String(variant))) {
    return invalid(`Variant ${variant} not found for endpoint ${name}.`);
  }
  if (headers['x-amzn-sagemaker-target-model'] !== undefined) {
    return invalid(`Endpoint ${name} serves one model: TargetModel cannot be given.`);
  }
  const component = headers['x-amzn-sagemaker-inference-component'];
  if (
    component === undefined
      ? inferenceComponents.length === 0
      : inferenceComponents.includes(String(component))
  ) {
    return undefined;
  }
  return invalid(
    component === undefined
      ? `Inference Component Name header is required for endpoint ${name}.`
      : `Inference Component ${component} not found on endpoint ${name}.`,
  );
}

function errorAnswer({ status, type, message }: ServiceError, requestId: string): ApiAnswer {
  return refused(status, type, { message }, requestId);
}

/** What a container refuses arrives with HTTP 424 and with its own words inside. */
function modelError(
  { status, body }: ContainerAnswer,
  { name, region }: SageMakerApiSettings,
  requestId: string,
): ApiAnswer {
  const isClient = status >= 400 && status < 500;
  const group = `/aws/sagemaker/Endpoints/${name}`;
  const said = {
    ErrorCode: isClient ? 'CLIENT_ERROR_FROM_MODEL' : 'SERVER_ERROR_FROM_MODEL',
    LogStreamArn: `arn:aws:logs:${region}:${ACCOUNT}:log-group:${group}`,
    Message: `Received ${isClient ? 'client' : 'server'} error (${status}) from primary with message "${body}". See ${group} in account ${ACCOUNT} for more information.`,
    OriginalMessage: body,
    OriginalStatusCode: status,
  };
  return refused(424, 'ModelError', said, requestId);
}

function refused(status: number, type: string, body: object, requestId: string): ApiAnswer {
  const headers = [
    'x-amzn-RequestId',
    requestId,
    'x-amzn-ErrorType',
    type,
    'Content-Type',
    'application/json',
  ];
  return { status, headers, body: JSON.stringify(body) };
}
