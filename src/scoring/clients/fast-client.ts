import { type Dispatcher, Pool } from 'undici';
import { tooLargeError } from '../../http/bounds.ts';
import type { Clock } from '../../stream/clock.ts';
import type { Reply, ScoreRequest } from '../score-client.ts';
import {
  type ConnectionSettings,
  longestAnswerBytes,
  modelVersionOf,
  type ScoreClient,
} from '../score-client.ts';
import { failureOf } from './connection-failure.ts';
import { type HttpTarget, pathOf } from './http-target.ts';
import { Signer } from './sigv4.ts';

/**
 * A client over kept connections of undici, signed by ourselves: `--transport fast`.
 *
 * Requests are timed out by the scorer. Measured against the SDK in docs/performance.md.
 */
export function fastClient(
  target: HttpTarget,
  { connections, connectTimeoutMs }: ConnectionSettings,
  clock: Clock,
): ScoreClient {
  const { origin, request, signing } = target;
  const pool = new Pool(origin, {
    connections,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: connectTimeoutMs },
  });
  const path = pathOf(request);
  const signer = signing && new Signer(request, signing.service, signing.region);
  const headersOf = (body: Uint8Array): Readonly<Record<string, string>> =>
    signer && signing
      ? signer.headers(body, signing.keyring.current(), clock.now())
      : request.headers;
  return {
    place: `${origin}${request.path}`,
    invoke: (body) => {
      const exchange = new Exchange(longestAnswerBytes(body.length));
      pool.dispatch({ path, method: 'POST', headers: headersOf(body), body }, exchange);
      return exchange;
    },
    close: () => pool.destroy(),
  };
}

/** One request and its answer, as undici reports them. */
class Exchange implements ScoreRequest, Dispatcher.DispatchHandler {
  readonly reply: Promise<Reply>;
  #resolve: (reply: Reply) => void = () => undefined;
  #controller: Dispatcher.DispatchController | undefined;
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #status = 0;
  #headers: Readonly<Record<string, string | string[] | undefined>> = {};
  #isAborted = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.reply = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  abort(failure: 'timeout' | 'aborted', reason: string): void {
    this.#isAborted = true;
    this.#resolve({ failure, reason });
    this.#controller?.abort(new Error(reason));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Timed out while it waited for a connection: it is not sent at all.
    if (this.#isAborted) controller.abort(new Error('given up'));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= this.#maxBytes) this.#chunks.push(chunk);
    else controller.abort(tooLargeError(this.#maxBytes));
  }

  onResponseEnd(): void {
    const [only] = this.#chunks;
    const body = only && this.#chunks.length === 1 ? only : Buffer.concat(this.#chunks);
    this.#resolve({
      status: this.#status,
      errorType: this.#header('x-amzn-errortype'),
      contentType: this.#header('content-type') ?? '',
      body,
      modelVersion: modelVersionOf(
        this.#header('x-amzn-sagemaker-custom-attributes'),
        this.#header('x-amzn-invoked-production-variant'),
      ),
      retryAfterMs: retryAfterMs(this.#header('retry-after')),
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#resolve(failureOf(error));
  }

  #header(name: string): string | undefined {
    const value = this.#headers[name];
    return typeof value === 'string' ? value : value?.[0];
  }
}

/** Milliseconds of a `Retry-After` header in seconds; `undefined` for a date, which is not waited for. */
export function retryAfterMs(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : undefined;
}
