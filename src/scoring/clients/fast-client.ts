import { type Dispatcher, Pool, ProxyAgent } from 'undici';
import { messageOf } from '../../errors.ts';
import { tooLargeError } from '../../http/bounds.ts';
import { decoded } from '../../http/content-coding.ts';
import { proxyFor, trustedCertificates } from '../../http/outside-network.ts';
import { clockNotice, isExpiry, isSkew, isSkewed } from '../../http/recovering-calls.ts';
import type { Clock } from '../../stream/clock.ts';
import { errorNameOf } from '../errors.ts';
import type { Reply, ScoreRequest } from '../score-client.ts';
import {
  type ConnectionSettings,
  longestAnswerBytes,
  modelVersionOf,
  type ScoreClient,
} from '../score-client.ts';
import { failureOf } from './connection-failure.ts';
import { type HttpTarget, pathOf, type Signing } from './http-target.ts';
import { retryAfterMs } from './retry-after.ts';
import { type Credentials, Signer } from './sigv4.ts';

type HeadersIn = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Opens a client over kept connections of undici, signed by ourselves: `--transport fast`.
 *
 * Requests are timed out by the scorer. Measured against the SDK in docs/performance.md.
 * Errors: `bad-config` for a proxy or a certificate file that cannot be used.
 */
export async function fastClient(
  target: HttpTarget,
  { connections, connectTimeoutMs, profile, notify }: ConnectionSettings,
  clock: Clock,
): Promise<ScoreClient> {
  const { origin, request } = target;
  const pool = await dispatcher(origin, { connections, connectTimeoutMs, profile });
  const path = pathOf(request);
  const authorization = target.signing && new Authorization(target, target.signing, clock, notify);
  return {
    place: `${origin}${request.path}`,
    invoke: (body) => {
      const exchange = new Exchange(
        longestAnswerBytes(body.length),
        clock,
        (handler) => {
          const credentials = authorization?.credentials();
          const headers = credentials
            ? (authorization as Authorization).headers(body, credentials)
            : request.headers;
          pool.dispatch({ origin, path, method: 'POST', headers, body }, handler);
          return credentials;
        },
        authorization,
      );
      exchange.start();
      return exchange;
    },
    close: () => pool.destroy(),
  };
}

/** Connections to an origin, directly or through the proxy of the environment. */
async function dispatcher(
  origin: string,
  { connections, connectTimeoutMs, profile }: ConnectionSettings,
): Promise<Dispatcher> {
  const ca = await trustedCertificates(profile);
  const tls = { timeout: connectTimeoutMs, ...(ca !== undefined && { ca }) };
  const settings = { connections, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 };
  const proxy = proxyFor(origin);
  if (!proxy) return new Pool(origin, { ...settings, connect: tls });
  const { username, password } = proxy;
  const user = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  proxy.username = '';
  proxy.password = '';
  return new ProxyAgent({
    ...settings,
    uri: proxy.href,
    ...(user.length > 1 && { token: `Basic ${user.toString('base64')}` }),
    // Proxies rarely let CONNECT pass to a port without TLS.
    proxyTunnel: origin.startsWith('https:'),
    requestTls: tls,
    proxyTls: tls,
  });
}

/** Signs requests, with the time of the service, by credentials that may be replaced. */
class Authorization {
  readonly #signer: Signer;
  readonly #signing: Signing;
  readonly #clock: Clock;
  readonly #notify: ConnectionSettings['notify'];
  #offsetMs = 0;
  #isReported = false;

  constructor(
    { request }: HttpTarget,
    signing: Signing,
    clock: Clock,
    notify: ConnectionSettings['notify'],
  ) {
    this.#signer = new Signer(request, signing.service, signing.region);
    this.#signing = signing;
    this.#clock = clock;
    this.#notify = notify;
  }

  credentials(): Credentials {
    return this.#signing.keyring.current();
  }

  headers(body: Uint8Array, credentials: Credentials): Readonly<Record<string, string>> {
    return this.#signer.headers(body, credentials, this.#clock.now() + this.#offsetMs);
  }

  /** Repairs what an answer refused; true if the request is worth sending again. Errors: those of the provider. */
  async repaired(name: string, date: string | undefined, refused: Credentials): Promise<boolean> {
    if (isExpiry(name)) return this.#signing.keyring.replacement(refused);
    const offsetMs = Date.parse(date ?? '') - this.#clock.now();
    if (!isSkew(name) || !isSkewed(offsetMs)) return false;
    this.#offsetMs = offsetMs;
    if (!this.#isReported) this.#notify?.(clockNotice(offsetMs));
    this.#isReported = true;
    return true;
  }
}

/** One request and its answer, as undici reports them; one that is refused for its signature is sent twice. */
class Exchange implements ScoreRequest, Dispatcher.DispatchHandler {
  readonly reply: Promise<Reply>;
  #resolve: (reply: Reply) => void = () => undefined;
  #controller: Dispatcher.DispatchController | undefined;
  readonly #maxBytes: number;
  readonly #clock: Clock;
  readonly #dispatch: (handler: Dispatcher.DispatchHandler) => Credentials | undefined;
  readonly #authorization: Authorization | undefined;
  #credentials: Credentials | undefined;
  #attempts = 0;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #status = 0;
  #headers: HeadersIn = {};
  #isAborted = false;

  constructor(
    maxBytes: number,
    clock: Clock,
    dispatch: (handler: Dispatcher.DispatchHandler) => Credentials | undefined,
    authorization: Authorization | undefined,
  ) {
    this.#maxBytes = maxBytes;
    this.#clock = clock;
    this.#dispatch = dispatch;
    this.#authorization = authorization;
    this.reply = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  start(): void {
    this.#attempts += 1;
    this.#chunks = [];
    this.#bytes = 0;
    this.#credentials = this.#dispatch(this);
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
    headers: HeadersIn,
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
    const coding = this.#header('content-encoding');
    if (coding === undefined) this.#answered(body);
    else {
      decoded(body, coding, this.#maxBytes).then(
        (whole) => this.#answered(whole),
        (error: unknown) => this.#resolve(failureOf(error)),
      );
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#resolve(failureOf(error));
  }

  #answered(body: Buffer): void {
    const reply = {
      status: this.#status,
      errorType: this.#header('x-amzn-errortype'),
      contentType: this.#header('content-type') ?? '',
      body,
      modelVersion: modelVersionOf(
        this.#header('x-amzn-sagemaker-custom-attributes'),
        this.#header('x-amzn-invoked-production-variant'),
      ),
      retryAfterMs: retryAfterMs(this.#header('retry-after'), this.#clock.now()),
      location: this.#header('location'),
    };
    if (this.#status < 400 || !this.#authorization) this.#resolve(reply);
    else void this.#repair(reply, this.#authorization);
  }

  async #repair(
    reply: Extract<Reply, { readonly status: number }>,
    authorization: Authorization,
  ): Promise<void> {
    const isFirst = this.#attempts === 1 && !this.#isAborted;
    try {
      const isRepaired =
        isFirst &&
        this.#credentials !== undefined &&
        (await authorization.repaired(errorNameOf(reply), this.#header('date'), this.#credentials));
      if (isRepaired && !this.#isAborted) this.start();
      else this.#resolve(reply);
    } catch (error) {
      const reason = `${errorNameOf(reply)}, and reading the credentials again failed: ${messageOf(error)}`;
      this.#resolve({ failure: 'auth', reason });
    }
  }

  #header(name: string): string | undefined {
    const value = this.#headers[name];
    return typeof value === 'string' ? value : value?.[0];
  }
}
