import { Worker } from 'node:worker_threads';
import { FraudstreamError } from '../../errors.ts';
import type { Notify } from '../../http/recovering-calls.ts';
import type { PutAnswer, PutRecordsEntry } from '../put-client.ts';
import { packEntries } from './entry-transfer.ts';
import { MemoryPool } from './memory-pool.ts';
import type { PutNotice, PutReply } from './put-thread.ts';
import type { ClientSettings, StreamClient } from './stream-client.ts';

/**
 * Opens a client that makes, signs and encrypts PutRecords calls on its own thread.
 *
 * The producer's thread then keeps to its pace however large the bodies are. Everything else is
 * the client of `streamClient`, with the same errors.
 */
export async function threadedClient(settings: ClientSettings): Promise<StreamClient> {
  // Both clients notice the same faults: each is reported once.
  let isReported = false;
  const notify: Notify = (text) => {
    if (!isReported) settings.notify?.(text);
    isReported = true;
  };
  const thread = new PutThread(settings, notify);
  try {
    // The thread starts meanwhile; both load the SDK, which takes longer than all the rest.
    const { streamClient } = await import('./stream-client.ts');
    const client = await streamClient({ ...settings, notify });
    return {
      ...client,
      put: (entries) => thread.put(entries),
      close: () => {
        thread.close();
        client.close();
      },
    };
  } catch (error) {
    thread.close();
    throw error;
  }
}

class PutThread {
  readonly #worker: Worker;
  readonly #pool = new MemoryPool((bytes) => new SharedArrayBuffer(bytes));
  readonly #waiting = new Map<number, (answer: PutAnswer) => void>();
  #orders = 0;
  #failure: PutAnswer['failure'];

  constructor({ notify: _, ...settings }: ClientSettings, notify: Notify) {
    this.#worker = new Worker(new URL('./put-thread.js', import.meta.url), {
      workerData: settings,
    });
    this.#worker.on('message', (reply: PutReply | PutNotice) => {
      if ('notice' in reply) notify(reply.notice);
      else this.#answer(reply);
    });
    this.#worker.on('error', (error) => this.#die(error));
    // Only requests under way keep the process alive, not the thread that waits for some.
    this.#worker.unref();
  }

  put(entries: readonly PutRecordsEntry[]): Promise<PutAnswer> {
    if (this.#failure) return Promise.resolve({ results: [], failure: this.#failure });
    const order = this.#orders;
    this.#orders += 1;
    const packed = packEntries(entries, this.#pool);
    this.#worker.ref();
    this.#worker.postMessage({ order, entries: packed });
    return new Promise((resolve) => {
      this.#waiting.set(order, (answer) => {
        this.#pool.giveBack(packed.memory);
        resolve(answer);
      });
    });
  }

  close(): void {
    void this.#worker.terminate();
  }

  #answer({ order, answer, cause }: PutReply): void {
    const { failure } = answer;
    const error = cause && new FraudstreamError(cause.code, cause.message);
    this.#waiting.get(order)?.(
      failure && error ? { ...answer, failure: { ...failure, cause: error } } : answer,
    );
    this.#waiting.delete(order);
    if (this.#waiting.size === 0) this.#worker.unref();
  }

  /** The thread ends only by a bug; all calls under way fail with it. */
  #die(cause: Error): void {
    this.#failure = { code: 'Internal', message: cause.message, isFatal: true, cause };
    for (const resolve of this.#waiting.values()) resolve({ results: [], failure: this.#failure });
    this.#waiting.clear();
  }
}
