import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../runtime.ts';
import type { KinesisFault } from './faults.ts';
import { FaultInjector } from './faults.ts';
import { KinesisServer } from './server.ts';
import { KinesisService } from './service.ts';
import type { KinesisStatistics } from './statistics.ts';
import { Store, type StoreSettings } from './store.ts';

/** What the thread is told at its start. */
export interface ThreadSettings extends StoreSettings {
  readonly streams: Readonly<Record<string, number>>;
  readonly faults: readonly KinesisFault[];
  readonly faultSeed: number;
  readonly port: number;
}

/** What it is asked, and what it says; each answer carries the number of its question. */
export type ThreadRequest =
  | { readonly number: number; readonly faults: readonly KinesisFault[] }
  | { readonly number: number; readonly wants: 'statistics' };
export type ThreadMessage =
  | { readonly port: number }
  | { readonly refusal: string }
  | { readonly number: number; readonly statistics: KinesisStatistics };

const settings: ThreadSettings = workerData;
const store = new Store(settings);
for (const [name, shards] of Object.entries(settings.streams)) {
  store.create(name, shards, systemClock.now(), true);
}
const troubles = new FaultInjector(settings.faults, settings.faultSeed);
const service = new KinesisService(store, troubles, systemClock);
const server = new KinesisServer(service, systemClock);
const say = (message: ThreadMessage): void => parentPort?.postMessage(message);

parentPort?.on('message', (question: ThreadRequest) => {
  if ('faults' in question) troubles.set(question.faults);
  say({ number: question.number, statistics: service.statistics() });
});

try {
  say({ port: await server.listen(settings.port) });
} catch (error) {
  say({ refusal: error instanceof Error ? error.message : String(error) });
}
