import type { HttpRequest } from '../../../http/loopback-server.ts';
import type { ContainerAnswer, Invocation } from '../container/container.ts';

/** A request, whole. `path` and `query` as they were written; of a body that is too large nothing is kept. */
export type ApiRequest = HttpRequest;

/** An error of the service in front of the container. */
export interface ServiceError {
  readonly status: number;
  readonly type: string;
  readonly message: string | null;
}

/** The outcome of a request behind the API. */
export type ApiOutcome = ContainerAnswer | ServiceError;

/** An answer to be sent; `headers` are names and values in turn. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string;
}

/** What stands in front of the container: checks of a request, and the way outcomes are said. */
export interface ApiAdapter {
  /** The service that requests are signed for; nothing where signatures are not looked at. */
  readonly service: string | undefined;
  /** How long it waits for the container, in milliseconds. */
  readonly timeoutMs: number;
  /** What is wrong with the address or the headers of a request. */
  refuse(request: ApiRequest): ServiceError | undefined;
  /** What the container is asked. */
  invocation(request: ApiRequest): Invocation;
  answer(outcome: ApiOutcome, request: ApiRequest, requestId: string): ApiAnswer;
}

/** True for an error of the service, false for an answer of the container. */
export const isServiceError = (outcome: ApiOutcome): outcome is ServiceError =>
  'message' in outcome;

/** Errors that need no more than their name. */
type ServiceErrorName =
  | 'throttled'
  | 'notReady'
  | 'internal'
  | 'unavailable'
  | 'dependency'
  | 'denied'
  | 'unknown';

/** The errors of SageMaker that do not come from the container. Source: InvokeEndpoint, errors. */
export const serviceErrors: Readonly<Record<ServiceErrorName, ServiceError>> = {
  throttled: { status: 400, type: 'ThrottlingException', message: null },
  notReady: { status: 429, type: 'ModelNotReadyException', message: 'The model is being loaded.' },
  internal: { status: 500, type: 'InternalFailure', message: null },
  unavailable: { status: 503, type: 'ServiceUnavailable', message: 'Service unavailable' },
  dependency: { status: 530, type: 'InternalDependencyException', message: null },
  denied: {
    status: 403,
    type: 'AccessDeniedException',
    message: 'User is not authorized to perform: sagemaker:InvokeEndpoint',
  },
  unknown: { status: 404, type: 'UnknownOperationException', message: null },
};

/** What is wrong with a request to SageMaker. */
export const invalid = (message: string): ServiceError => ({
  status: 400,
  type: 'ValidationError',
  message,
});

/** The container gets body and headers as they came. */
export const asTheyCame = ({ body, headers }: ApiRequest): Invocation => ({
  body,
  contentType: headers['content-type'],
  accept: headers.accept,
});
