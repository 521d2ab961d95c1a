import type { TlsIdentity } from '../../http/tls-identity.ts';
import { modelBytes } from '../../model/shipped-model.ts';
import { WorkerService } from '../worker-service.ts';
import type {
  EndpointThreadReady,
  EndpointThreadRequest,
  EndpointThreadSettings,
} from './endpoint-thread.ts';
import type { EndpointFault } from './faults/fault.ts';
import type { SigningCredential } from './signature-check.ts';
import type { EndpointStatistics } from './statistics.ts';

/** How a local endpoint is started; everything has a default. */
export interface LocalEndpointSettings {
  /** A booster that XGBoost saved, as JSON or UBJSON; the one that comes with the package unless given. */
  readonly model?: Uint8Array;
  readonly name?: string;
  readonly region?: string;
  readonly variants?: readonly string[];
  readonly inferenceComponents?: readonly string[];
  /** With some, /score wants one as x-api-key. */
  readonly apiKeys?: readonly string[];
  /** With some, requests to SageMaker and the gateway must be signed (Signature Version 4) with one of them. */
  readonly credentials?: readonly SigningCredential[];
  /** After so long /score answers 504. */
  readonly gatewayTimeoutMs?: number;
  readonly faults?: readonly EndpointFault[];
  /** Same seed and same requests, same faults. */
  readonly faultSeed?: number;
  /** On 127.0.0.1; 0 takes a free one. */
  readonly port?: number;
  /** With it, the address is https. */
  readonly tls?: TlsIdentity;
}

/** A scoring endpoint on this machine, on a thread of its own. */
export interface LocalEndpoint {
  readonly url: string;
  readonly name: string;
  /** Of the model, in the order of a row. */
  readonly featureNames: readonly string[];
  /** Replaces all faults; resolves when the new ones are in force. */
  setFaults(faults: readonly EndpointFault[]): Promise<void>;
  statistics(): Promise<EndpointStatistics>;
  /** Ends the thread with all its connections, hanging ones too. */
  close(): Promise<void>;
}

const defaults: Omit<EndpointThreadSettings, 'model'> = {
  name: 'fraud',
  region: 'us-east-1',
  variants: ['AllTraffic'],
  inferenceComponents: [],
  apiKeys: [],
  credentials: [],
  gatewayTimeoutMs: 29_000,
  faults: [],
  faultSeed: 1,
  port: 0,
};

/**
 * Starts an endpoint that answers with the scores of a model, bound to the loopback interface.
 *
 * Errors: `usage` when the port is taken, `bad-data` when the model cannot be evaluated, `no-input` when it cannot be read.
 */
export async function startEndpoint(settings: LocalEndpointSettings = {}): Promise<LocalEndpoint> {
  const model = settings.model ?? modelBytes();
  const workerData: EndpointThreadSettings = { ...defaults, ...settings, model };
  const file = new URL('./endpoint-thread.js', import.meta.url);
  const service = await WorkerService.start<
    EndpointThreadReady,
    EndpointThreadRequest,
    EndpointStatistics
  >('The local endpoint', file, workerData);
  const { port, featureNames } = service.ready;
  return {
    url: `${settings.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    name: workerData.name,
    featureNames,
    setFaults: async (faults) => {
      await service.request({ faults });
    },
    statistics: () => service.request({}),
    close: () => service.close(),
  };
}
