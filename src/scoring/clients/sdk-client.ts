import { Worker } from 'node:worker_threads';
import type { Reply, ScoreClient, ScoreRequest } from '../score-client.ts';
import { serviceTarget } from './request-targets.ts';
import type { RuntimeSettings } from './sdk-runtime.ts';
import type { SdkNotice, SdkReply } from './sdk-thread.ts';

/** One thread makes some 1,700 calls a second; from two on, the thread that scores is the limit. */
const THREADS = 2;

/**
 * A client that is the AWS SDK as it is, with one try a call, on threads of its own: `--transport sdk`.
 *
 * The SDK takes half a millisecond of a processor for a call, whatever its rows; it does not take that of the
 * thread that scores, and paces. Errors: `bad-config` without a region, `no-credentials` without keys.
 */
export async function sdkClient(settings: RuntimeSettings): Promise<ScoreClient> {
  const { origin, request } = await serviceTarget(settings);
  const plain = plainOf(settings);
  let isReported = false;
  const notify = (text: string): void => {
    if (!isReported) settings.notify?.(text);
    isReported = true;
  };
  const threads = Array.from(
    { length: Math.min(THREADS, settings.connections) },
    (_, index) =>
      new SdkThread({ ...plain, connections: share(settings.connections, index) }, notify),
  );
  return {
    place: `${origin}${request.path}`,
    invoke: (body) => idlest(threads).invoke(body),
    close: async () => {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}

/** Settings as they cross to a thread: `settings` may be those of a whole command. */
function plainOf(settings: RuntimeSettings): RuntimeSettings {
  const { endpointName, targetVariant, inferenceComponent, region, profile } = settings;
  const { endpointUrl, credentials, contentType, accept, connections, connectTimeoutMs } = settings;
  const named = { endpointName, targetVariant, inferenceComponent, contentType, accept };
  return { ...named, region, profile, endpointUrl, credentials, connections, connectTimeoutMs };
}

function share(connections: number, index: number): number {
  return Math.ceil((connections - index) / THREADS);
}

function idlest(threads: readonly SdkThread[]): SdkThread {
  return threads.reduce((least, thread) => (thread.underWay < least.underWay ? thread : least));
}

/** A thread with an SDK of its own, and the calls that are under way there. */
class SdkThread {
  readonly #worker: Worker;
  readonly #queue = new Map<number, (reply: Reply) => void>();
  #orders = 0;
  #failure: Reply | undefined;

  constructor(settings: RuntimeSettings, notify: (text: string) => void) {
    this.#worker = new Worker(new URL('./sdk-thread.js', import.meta.url), {
      workerData: settings,
    });
    this.#worker.on('message', (message: SdkReply | SdkNotice) => {
      if ('notice' in message) notify(message.notice);
      else this.#answer(message.order, message.reply);
    });
    this.#worker.on('error', (error) => this.#die(error));
    // Only calls under way keep the process alive, not the thread that waits for some.
    this.#worker.unref();
  }

  get underWay(): number {
    return this.#queue.size;
  }

  invoke(body: Uint8Array): ScoreRequest {
    const order = this.#orders;
    this.#orders += 1;
    if (this.#failure) return { reply: Promise.resolve(this.#failure), abort: () => undefined };
    const reply = new Promise<Reply>((resolve) => this.#queue.set(order, resolve));
    this.#worker.ref();
    this.#worker.postMessage({ order, body });
    return {
      reply,
      abort: (failure, reason) => {
        if (!this.#queue.has(order)) return;
        this.#worker.postMessage({ order });
        this.#answer(order, { failure, reason });
      },
    };
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #answer(order: number, reply: Reply): void {
    this.#queue.get(order)?.(reply);
    this.#queue.delete(order);
    if (this.#queue.size === 0) this.#worker.unref();
  }

  /** The thread itself never fails but by a bug of ours: everything under way fails with it. */
  #die(cause: Error): void {
    this.#failure = { failure: 'connect', reason: `the thread of the SDK ended: ${cause.message}` };
    for (const order of this.#queue.keys()) this.#answer(order, this.#failure);
  }
}
