import { workerData } from 'node:worker_threads';
import type { TlsIdentity } from '../../http/tls-identity.ts';
import { systemClock } from '../../runtime.ts';
import { runWorkerService } from '../worker-service.ts';
import type { KinesisFault } from './faults.ts';
import { FaultInjector } from './faults.ts';
import { kinesisServer } from './server.ts';
import { KinesisService } from './service.ts';
import type { KinesisStatistics } from './statistics.ts';
import { Store, type StoreSettings } from './store.ts';
import type { SubscriptionTimes } from './subscriptions.ts';

/** How the thread starts its Kinesis. */
export interface KinesisThreadSettings extends StoreSettings {
  readonly streams: Readonly<Record<string, number>>;
  readonly faults: readonly KinesisFault[];
  readonly faultSeed: number;
  readonly port: number;
  readonly tls?: TlsIdentity;
  readonly subscriptions: SubscriptionTimes;
}

/** Replaces the faults, where there are some; the reply is the statistics. */
export interface KinesisThreadRequest {
  readonly faults?: readonly KinesisFault[];
}

/** What the thread sends when it listens. */
export interface KinesisThreadReady {
  readonly port: number;
}

const settings: KinesisThreadSettings = workerData;

void runWorkerService<KinesisThreadReady, KinesisThreadRequest, KinesisStatistics>(async () => {
  const store = new Store(settings);
  for (const [name, shards] of Object.entries(settings.streams)) {
    store.create(name, shards, systemClock.now(), true);
  }
  const faults = new FaultInjector(settings.faults, settings.faultSeed);
  const service = new KinesisService(store, faults, systemClock, settings.subscriptions);
  const port = await kinesisServer(service, systemClock, settings.tls).listen(settings.port);
  return {
    ready: { port },
    handle: (request) => {
      if (request.faults) faults.set(request.faults);
      return service.statistics();
    },
  };
});
