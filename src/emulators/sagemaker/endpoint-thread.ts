import { workerData } from 'node:worker_threads';
import { FraudstreamError } from '../../errors.ts';
import { misorderedFeature } from '../../features/manifest.ts';
import type { TlsIdentity } from '../../http/tls-identity.ts';
import { loadModel } from '../../model/model.ts';
import { systemClock as clock } from '../../runtime.ts';
import { runWorkerService } from '../worker-service.ts';
import { adminRoutes } from './admin-routes.ts';
import { type ApiAdapterSettings, apiAdapters } from './api/api-adapters.ts';
import { Container } from './container/container.ts';
import type { EndpointFault } from './faults/fault.ts';
import { EndpointFaultInjector } from './faults/inject-faults.ts';
import { endpointServer } from './server.ts';
import { EndpointService } from './service.ts';
import { Signatures, type SigningCredential } from './signature-check.ts';
import type { EndpointStatistics } from './statistics.ts';

/** How the thread starts its endpoint. */
export interface EndpointThreadSettings extends ApiAdapterSettings {
  readonly model: Uint8Array;
  /** With some, requests must be signed with one of them. */
  readonly credentials: readonly SigningCredential[];
  readonly faults: readonly EndpointFault[];
  readonly faultSeed: number;
  readonly port: number;
  readonly tls?: TlsIdentity;
}

/** Replaces the faults, where there are some; the reply is the statistics. */
export interface EndpointThreadRequest {
  readonly faults?: readonly EndpointFault[];
}

/** What the thread sends when it listens. */
export interface EndpointThreadReady {
  readonly port: number;
  readonly featureNames: readonly string[];
}

const { model, credentials, faults, faultSeed, port, tls, ...settings }: EndpointThreadSettings =
  workerData;

void runWorkerService<EndpointThreadReady, EndpointThreadRequest, EndpointStatistics>(async () => {
  const injector = new EndpointFaultInjector(faults, faultSeed, clock.now());
  const booster = loadModel(model);
  const fault = misorderedFeature(booster.featureNames);
  if (fault) {
    const advice = 'Train it on the columns in the order of `fraudstream features`.';
    throw new FraudstreamError('bad-data', `The model would score wrongly: ${fault}. ${advice}`);
  }
  const container = new Container(booster);
  const signatures =
    credentials.length > 0 ? new Signatures(credentials, settings.region, clock) : undefined;
  const service = new EndpointService({ container, injector, signatures, clock });
  const routes = adminRoutes(service, clock);
  const server = endpointServer(
    service,
    clock,
    apiAdapters({ ...settings, modelVersion: booster.version }),
    routes,
    tls,
  );
  return {
    ready: { port: await server.listen(port), featureNames: booster.featureNames },
    handle: (request) => {
      if (request.faults) injector.set(request.faults, clock.now());
      return service.statistics();
    },
  };
});
