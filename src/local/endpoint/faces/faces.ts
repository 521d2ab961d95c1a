import type { Faces } from '../server.ts';
import { containerFace } from './container.ts';
import { type GatewayFaceSettings, gatewayFace } from './gateway.ts';
import { type SageMakerFaceSettings, sageMakerFace } from './sagemaker.ts';

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
