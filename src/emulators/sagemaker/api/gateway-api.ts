import { timingSafeEqual } from 'node:crypto';
import {
  type ApiAdapter,
  type ApiAnswer,
  type ApiOutcome,
  type ApiRequest,
  asTheyCame,
  isServiceError,
  type ServiceError,
} from './api-adapter.ts';

/** An API Gateway in front of the endpoint. */
export interface GatewayApiSettings {
  /** With some, a request must carry one of them as x-api-key. */
  readonly apiKeys: readonly string[];
  /** Its integration timeout. */
  readonly timeoutMs: number;
  /** The endpoint that it integrates. */
  readonly behind: ApiAdapter;
}

/** Paths that stand for the one resource, with and without the name of a stage. */
export const gatewayPaths: readonly string[] = ['/score', '/prod/score'];

const forbidden: ServiceError = { status: 403, type: 'ForbiddenException', message: 'Forbidden' };
/** What API Gateway says of a resource or a method that it has not. */
export const noResource: ServiceError = {
  status: 403,
  type: 'MissingAuthenticationTokenException',
  message: 'Missing Authentication Token',
};
const tooLarge: ServiceError = {
  status: 413,
  type: 'RequestTooLargeException',
  message: 'Request Too Long',
};
const throttled: ServiceError = {
  status: 429,
  type: 'TooManyRequestsException',
  message: 'Too Many Requests',
};
const timedOut: ServiceError = {
  status: 504,
  type: 'IntegrationTimeoutException',
  message: 'Endpoint request timed out',
};

/**
 * API Gateway in front of SageMaker, as its REST integration is set up in pipeline/infra.
 *
 * It also takes JSON, as gateways do that map requests: `{"instances":[{"features":[0.5,null]}]}`. Throttling behind
 * it is 429, other errors of the service 503, what the container refuses stays 424.
 */
export function gatewayApi({
  apiKeys,
  timeoutMs: patienceMs,
  behind,
}: GatewayApiSettings): ApiAdapter {
  return {
    service: 'execute-api',
    timeoutMs: patienceMs,
    refuse({ method, path, headers, body }) {
      if (method !== 'POST' || !gatewayPaths.includes(path)) return noResource;
      if (apiKeys.length > 0 && !hasKey(apiKeys, headers['x-api-key'])) return forbidden;
      return body === undefined ? tooLarge : undefined;
    },
    invocation: asMapped,
    answer(outcome, request, requestId) {
      const own = ownError(outcome);
      return own ? errorAnswer(own, requestId) : behind.answer(outcome, request, requestId);
    },
  };
}

function ownError(outcome: ApiOutcome): ServiceError | undefined {
  if (!isServiceError(outcome)) return outcome.status === 0 ? timedOut : undefined;
  if (outcome.type === 'ThrottlingException') return throttled;
  if (outcome.status < 500) return outcome;
  return { ...outcome, status: 503, message: 'Service Unavailable' };
}

function errorAnswer({ status, type, message }: ServiceError, requestId: string): ApiAnswer {
  const headers = [
    'x-amzn-RequestId',
    requestId,
    'x-amzn-ErrorType',
    type,
    'Content-Type',
    'application/json',
  ];
  return { status, headers, body: JSON.stringify({ message }) };
}

/** A request in JSON gets its answer in JSON. */
function asMapped(request: ApiRequest): ReturnType<ApiAdapter['invocation']> {
  const asked = asTheyCame(request);
  const takesJson = true;
  const isAny = asked.accept === undefined || asked.accept === '*/*';
  const isJson = asked.contentType?.startsWith('application/json') === true;
  return { ...asked, takesJson, accept: isAny && isJson ? 'application/json' : asked.accept };
}

function hasKey(keys: readonly string[], given: string | readonly string[] | undefined): boolean {
  const sent = Buffer.from(String(given ?? ''));
  return keys.some((key) => {
    const wanted = Buffer.from(key);
    return wanted.length === sent.length && timingSafeEqual(wanted, sent);
  });
}
