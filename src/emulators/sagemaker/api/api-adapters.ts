import type { ApiAdapters } from '../server.ts';
import { type ApiAdapter, asTheyCame, isServiceError } from './api-adapter.ts';
import { type GatewayApiSettings, gatewayApi } from './gateway-api.ts';
import { type SageMakerApiSettings, sageMakerApi } from './sagemaker-api.ts';

/** The container alone, as `docker run` would show it: its own statuses, nothing in front. */
export const containerApi: ApiAdapter = {
  service: undefined,
  timeoutMs: Number.POSITIVE_INFINITY,
  refuse: () => undefined,
  invocation: asTheyCame,
  answer(outcome) {
    if (isServiceError(outcome)) {
      const headers = ['Content-Type', 'text/html; charset=utf-8'];
      return { status: outcome.status, headers, body: outcome.message ?? outcome.type };
    }
    // Without an answer of the container a proxy in front of it would say 504.
    const status = outcome.status === 0 ? 504 : outcome.status;
    return { status, headers: ['Content-Type', outcome.type], body: outcome.body };
  },
};

/** How the APIs are set up. */
export interface ApiAdapterSettings extends SageMakerApiSettings {
  readonly apiKeys: readonly string[];
  readonly gatewayTimeoutMs: number;
}

/** The API of each path: SageMaker below /endpoints, the container, and a gateway at /score and /prod. */
export function apiAdapters({
  apiKeys,
  gatewayTimeoutMs,
  ...settings
}: ApiAdapterSettings): ApiAdapters {
  const sageMaker = sageMakerApi(settings);
  const behind: GatewayApiSettings = { apiKeys, timeoutMs: gatewayTimeoutMs, behind: sageMaker };
  const gateway = gatewayApi(behind);
  return (method, path) => {
    if (path.startsWith('/endpoints/')) return sageMaker;
    if (path === '/score' || path.startsWith('/prod/')) return gateway;
    return path === '/invocations' && method === 'POST' ? containerApi : undefined;
  };
}
