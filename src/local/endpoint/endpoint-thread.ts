import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../outside.ts';
import { loadModel } from '../../scoring/model/model.ts';
import { Container } from './container/container.ts';
import { type FacesSettings, faces } from './faces/faces.ts';
import type { EndpointFault } from './faults/fault.ts';
import { EndpointTroubles } from './faults/troubles.ts';
import { ownDoor } from './own-door.ts';
import { EndpointServer } from './server.ts';
import { EndpointService } from './service.ts';
import type { EndpointStatistics } from './statistics.ts';

/** What the thread is told at its start. */
export interface EndpointThreadSettings extends FacesSettings {
  readonly model: Uint8Array;
  readonly faults: readonly EndpointFault[];
  readonly faultSeed: number;
  readonly port: number;
}

/** What it is asked, and what it says; each answer carries the number of its question. */
export interface EndpointQuestion {
  readonly number: number;
  readonly faults?: readonly EndpointFault[];
}
export type EndpointSaying =
  | { readonly port: number }
  | { readonly refusal: string }
  | { readonly number: number; readonly statistics: EndpointStatistics };

const { model, faults, faultSeed, port, ...settings }: EndpointThreadSettings = workerData;
const say = (saying: EndpointSaying): void => parentPort?.postMessage(saying);

try {
  const troubles = new EndpointTroubles(faults, faultSeed, systemClock.now());
  const container = new Container(loadModel(model));
  const service = new EndpointService(container, troubles, systemClock);
  const own = ownDoor(service, systemClock);
  const server = new EndpointServer(service, systemClock, faces(settings), own);
  parentPort?.on('message', ({ number, faults }: EndpointQuestion) => {
    if (faults) troubles.set(faults, systemClock.now());
    say({ number, statistics: service.statistics() });
  });
  say({ port: await server.listen(port) });
} catch (error) {
  say({ refusal: error instanceof Error ? error.message : String(error) });
}
