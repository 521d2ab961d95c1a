import { Worker } from 'node:worker_threads';
import { FraudstreamError } from '../../errors.ts';
import { modelBytes } from '../../model/shipped-model.ts';
import type {
  EndpointThreadMessage,
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
  /** Same seed and same requests, same troubles. */
  readonly faultSeed?: number;
  /** On 127.0.0.1; 0 takes a free one. */
  readonly port?: number;
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
  const worker = new Worker(new URL('./endpoint-thread.js', import.meta.url), { workerData });
  const { port, featureNames } = await listening(worker);
  const ask = questions(worker);
  return {
    url: `http://127.0.0.1:${port}`,
    name: workerData.name,
    featureNames,
    setFaults: async (faults) => {
      await ask((number) => ({ number, faults }));
    },
    statistics: () => ask((number) => ({ number })),
    close: async () => {
      await worker.terminate();
    },
  };
}

type Readiness = Extract<EndpointThreadMessage, { readonly port: number }>;

function listening(worker: Worker): Promise<Readiness> {
  return new Promise((resolve, reject) => {
    worker.once('error', (cause) => {
      const message = `The local endpoint did not start: ${cause.message}`;
      reject(new FraudstreamError('usage', message, { cause }));
    });
    worker.once('message', (message: EndpointThreadMessage) => {
      if ('port' in message) {
        // What goes wrong from here on is a bug, and not to be swallowed by a listener.
        worker.removeAllListeners('error');
        resolve(message);
      } else if ('refusal' in message) {
        void worker.terminate();
        reject(new FraudstreamError(message.code, message.refusal));
      }
    });
  });
}

interface Asker {
  answer(statistics: EndpointStatistics): void;
  refuse(error: FraudstreamError): void;
}

/** Asks the thread and waits for its answer; who asks a thread that has ended is told so. */
function questions(
  worker: Worker,
): (question: (number: number) => EndpointThreadRequest) => Promise<EndpointStatistics> {
  const waiting = new Map<number, Asker>();
  let asked = 0;
  let isClosed = false;
  worker.on('message', (message: EndpointThreadMessage) => {
    if (!('number' in message)) return;
    waiting.get(message.number)?.answer(message.statistics);
    waiting.delete(message.number);
  });
  const closed = (): FraudstreamError =>
    new FraudstreamError('unreachable', 'The local endpoint is closed. Start another one.');
  worker.once('exit', () => {
    isClosed = true;
    for (const { refuse } of waiting.values()) refuse(closed());
  });
  return async (question) => {
    if (isClosed) throw closed();
    asked += 1;
    const number = asked;
    worker.postMessage(question(number));
    return new Promise((answer, refuse) => waiting.set(number, { answer, refuse }));
  };
}
