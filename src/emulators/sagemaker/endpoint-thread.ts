import { parentPort, workerData } from 'node:worker_threads';
import { type ErrorCode, FraudstreamError } from '../../errors.ts';
import { loadModel } from '../../model/model.ts';
import { systemClock as clock } from '../../runtime.ts';
import { adminRoutes } from './admin-routes.ts';
import { type ApiAdapterSettings, apiAdapters } from './api/api-adapters.ts';
import { Container } from './container/container.ts';
import type { EndpointFault } from './faults/fault.ts';
import { EndpointFaultInjector } from './faults/inject-faults.ts';
import { EndpointServer } from './server.ts';
import { EndpointService } from './service.ts';
import { Signatures, type SigningCredential } from './signature-check.ts';
import type { EndpointStatistics } from './statistics.ts';

/** What the thread is told at its start. */
export interface EndpointThreadSettings extends ApiAdapterSettings {
  readonly model: Uint8Array;
  /** With some, requests must be signed with one of them. */
  readonly credentials: readonly SigningCredential[];
  readonly faults: readonly EndpointFault[];
  readonly faultSeed: number;
  readonly port: number;
}

/** What it is asked, and what it says; each answer carries the number of its question. */
export interface EndpointThreadRequest {
  readonly number: number;
  readonly faults?: readonly EndpointFault[];
}
export type EndpointThreadMessage =
  | { readonly port: number; readonly featureNames: readonly string[] }
  | { readonly refusal: string; readonly code: ErrorCode }
  | { readonly number: number; readonly statistics: EndpointStatistics };

const { model, credentials, faults, faultSeed, port, ...settings }: EndpointThreadSettings =
  workerData;
const say = (message: EndpointThreadMessage): void => parentPort?.postMessage(message);

try {
  const troubles = new EndpointFaultInjector(faults, faultSeed, clock.now());
  const booster = loadModel(model);
  const container = new Container(booster);
  const signatures =
    credentials.length > 0 ? new Signatures(credentials, settings.region, clock) : undefined;
  const service = new EndpointService({ container, troubles, signatures, clock });
  const own = adminRoutes(service, clock);
  const server = new EndpointServer(service, clock, apiAdapters(settings), own);
  parentPort?.on('message', ({ number, faults }: EndpointThreadRequest) => {
    if (faults) troubles.set(faults, clock.now());
    say({ number, statistics: service.statistics() });
  });
  say({ port: await server.listen(port), featureNames: booster.featureNames });
} catch (error) {
  if (!(error instanceof FraudstreamError)) throw error;
  say({ refusal: error.message, code: error.code });
}
