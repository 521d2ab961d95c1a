import type { Faces } from '../server.ts';
import { asTheyCame, type Face, isServiceError } from './api-adapter.ts';
import { type GatewayFaceSettings, gatewayFace } from './gateway-api.ts';
import { type SageMakerFaceSettings, sageMakerFace } from './sagemaker-api.ts';

/** The container alone, as `docker run` would show it: its own statuses, nothing in front. */
export const containerFace: Face = {
  service: undefined,
  patienceMs: Number.POSITIVE_INFINITY,
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

/** What faces are told. */
export interface FacesSettings extends SageMakerFaceSettings {
  readonly apiKeys: readonly string[];
  readonly gatewayTimeoutMs: number;
}

/** The face of each address: SageMaker below /endpoints, the container, and a gateway at /score and /prod. */
export function faces({ apiKeys, gatewayTimeoutMs, ...settings }: FacesSettings): Faces {
  const sageMaker = sageMakerFace(settings);
  const behind: GatewayFaceSettings = { apiKeys, patienceMs: gatewayTimeoutMs, behind: sageMaker };
  const gateway = gatewayFace(behind);
  return (method, path) => {
    if (path.startsWith('/endpoints/')) return sageMaker;
    if (path === '/score' || path.startsWith('/prod/')) return gateway;
    return path === '/invocations' && method === 'POST' ? containerFace : undefined;
  };
}
