import { parentPort, Worker } from 'node:worker_threads';
import { type ErrorCode, FraudstreamError } from '../errors.ts';

/** A `FraudstreamError` on its way between threads. */
interface SentError {
  readonly code: ErrorCode;
  readonly message: string;
}

/** What a worker sends: that it is ready, why it cannot start, or the reply to a request. */
type WorkerMessage<Ready, Reply> =
  | { readonly ready: Ready }
  | { readonly error: SentError }
  | ({ readonly number: number } & ({ readonly reply: Reply } | { readonly error: SentError }));

interface NumberedRequest<Request> {
  readonly number: number;
  readonly request: Request;
}

/** What a worker does once it has started. */
export interface WorkerHandler<Ready, Request, Reply> {
  /** Sent to the thread that started the worker. */
  readonly ready: Ready;
  /** A `FraudstreamError` that it throws is the reply; any other one ends the thread. */
  handle(request: Request): Reply | Promise<Reply>;
}

/**
 * Runs a service in this worker thread: starts it and replies to the requests of the other thread.
 *
 * A `FraudstreamError` of the start is sent; any other one ends the thread.
 */
export async function runWorkerService<Ready, Request, Reply>(
  start: () => Promise<WorkerHandler<Ready, Request, Reply>>,
): Promise<void> {
  const send = (message: WorkerMessage<Ready, Reply>): void => parentPort?.postMessage(message);
  try {
    const { ready, handle } = await start();
    parentPort?.on('message', async ({ number, request }: NumberedRequest<Request>) => {
      try {
        send({ number, reply: await handle(request) });
      } catch (error) {
        send({ number, error: sentError(error) });
      }
    });
    send({ ready });
  } catch (error) {
    send({ error: sentError(error) });
  }
}

/** Errors: throws any other error again. */
function sentError(error: unknown): SentError {
  if (!(error instanceof FraudstreamError)) throw error;
  return { code: error.code, message: error.message };
}

interface Waiting<Reply> {
  resolve(reply: Reply): void;
  reject(error: FraudstreamError): void;
}

/** A service in a worker thread, as the thread that started it sees it. */
export class WorkerService<Ready, Request, Reply> {
  readonly ready: Ready;
  readonly #name: string;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting<Reply>>();
  #requests = 0;
  #isClosed = false;

  /**
   * Starts the worker in `file` and resolves when its service is ready.
   *
   * `name` is used in messages: "The embedded Kinesis". `env` replaces the environment. Errors: those that the worker sends, `usage` for
   * any other one that ends it.
   */
  static async start<Ready, Request, Reply>(
    name: string,
    file: URL,
    workerData: object,
    env?: Readonly<Record<string, string>>,
  ): Promise<WorkerService<Ready, Request, Reply>> {
    const worker = new Worker(file, { workerData, ...(env && { env }) });
    const ready = await readiness<Ready, Reply>(name, worker);
    return new WorkerService(name, worker, ready);
  }

  private constructor(name: string, worker: Worker, ready: Ready) {
    this.#name = name;
    this.#worker = worker;
    this.ready = ready;
    worker.on('message', (message: WorkerMessage<Ready, Reply>) => {
      if (!('number' in message)) return;
      const waiting = this.#waiting.get(message.number);
      this.#waiting.delete(message.number);
      if ('reply' in message) waiting?.resolve(message.reply);
      else waiting?.reject(receivedError(message.error));
    });
    worker.once('exit', () => {
      this.#isClosed = true;
      for (const { reject } of this.#waiting.values()) reject(this.#closed());
      this.#waiting.clear();
    });
  }

  /** The reply to a request. Errors: `unreachable` once the thread has ended. */
  async request(request: Request): Promise<Reply> {
    if (this.#isClosed) throw this.#closed();
    this.#requests += 1;
    const number = this.#requests;
    this.#worker.postMessage({ number, request } satisfies NumberedRequest<Request>);
    return new Promise((resolve, reject) => this.#waiting.set(number, { resolve, reject }));
  }

  /** Ends the thread with all its connections, hanging ones too. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #closed(): FraudstreamError {
    return new FraudstreamError('unreachable', `${this.#name} is closed. Start a new one.`);
  }
}

function readiness<Ready, Reply>(name: string, worker: Worker): Promise<Ready> {
  return new Promise((resolve, reject) => {
    const failed = (cause: Error): void => {
      const message = `${name} did not start: ${cause.message}`;
      reject(new FraudstreamError('usage', message, { cause }));
    };
    worker.once('error', failed);
    worker.once('message', (message: WorkerMessage<Ready, Reply>) => {
      // A later error is a bug: without a listener it ends the process.
      worker.off('error', failed);
      if ('ready' in message) resolve(message.ready);
      else if ('error' in message) {
        void worker.terminate();
        reject(receivedError(message.error));
      }
    });
  });
}

function receivedError({ code, message }: SentError): FraudstreamError {
  return new FraudstreamError(code, message.split('\n'));
}
