import { messageOf } from '../../errors.ts';
import type { HttpAnswer } from '../../http/answer-parser.ts';
import { connectTo } from '../../http/connect.ts';
import { decoded } from '../../http/content-coding.ts';
import { HttpClient, type RequestInFlight } from '../../http/http-client.ts';
import { basicAuthorization, proxyFor, trustedCertificates } from '../../http/outside-network.ts';
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
import { checkHeader, type HttpTarget, pathOf, type Signing } from './http-target.ts';
import { retryAfterMs } from './retry-after.ts';
import { type Credentials, Signer } from './sigv4.ts';

/**
 * Opens a client over kept connections, signed by ourselves: `--transport fast`.
 *
 * Requests are timed out by the scorer. Measured against the SDK in docs/performance.md.
 * Errors: `bad-config` for a proxy or a certificate file that cannot be used, `usage` for a header that
 * HTTP does not allow.
 */
export async function fastClient(
  target: HttpTarget,
  { connections, connectTimeoutMs, profile, notify }: ConnectionSettings,
  clock: Clock,
): Promise<ScoreClient> {
  const { origin, request, signing } = target;
  const proxy = proxyFor(origin);
  const route = { ca: await trustedCertificates(profile), proxy };
  const client = new HttpClient(connectTo(origin, connectTimeoutMs, route), connections, clock);
  for (const [name, value] of Object.entries(request.headers)) checkHeader(name, value);
  const start = `POST ${targetOf(target, proxy)} HTTP/1.1\r\n${proxyLine(origin, proxy)}`;
  const plainHead = start + headerLines(request.headers);
  const authorization = signing && new RenewedSigner(target, signing, clock, notify);
  const sender: Sender = {
    clock,
    authorization,
    headOf: (body, credentials) =>
      authorization && credentials
        ? start + headerLines(authorization.headers(body, credentials))
        : plainHead,
    send: (head, body, done) => {
      const maxAnswerBytes = longestAnswerBytes(body.length);
      return client.send({ head, body, maxAnswerBytes }, done);
    },
  };
  return {
    place: `${origin}${request.path}`,
    invoke: (body) => new Exchange(sender, body),
    close: async () => client.close(),
  };
}

/** What stands in the first line: the path, or the whole address where a proxy passes requests on. */
function targetOf({ origin, request }: HttpTarget, proxy: URL | undefined): string {
  const path = pathOf(request);
  return proxy && origin.startsWith('http:') ? origin + path : path;
}

function proxyLine(origin: string, proxy: URL | undefined): string {
  const authorization = proxy && basicAuthorization(proxy);
  const isForwarded = authorization !== undefined && origin.startsWith('http:');
  return isForwarded ? `proxy-authorization: ${authorization}\r\n` : '';
}

function headerLines(headers: Readonly<Record<string, string>>): string {
  let lines = '';
  for (const name of Object.keys(headers)) lines += `${name}: ${headers[name]}\r\n`;
  return lines;
}

/** Signs requests, with the time of the service, by credentials that may be replaced. */
class RenewedSigner {
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

/** What an exchange is sent by. */
interface Sender {
  readonly clock: Clock;
  readonly authorization: RenewedSigner | undefined;
  headOf(body: Uint8Array, credentials: Credentials | undefined): string;
  send(head: string, body: Uint8Array, done: (result: HttpAnswer | Error) => void): RequestInFlight;
}

/** One request and its answer; one that is refused for its signature is sent twice. */
class Exchange implements ScoreRequest {
  readonly reply: Promise<Reply>;
  #resolve: (reply: Reply) => void = () => undefined;
  readonly #sender: Sender;
  readonly #body: Uint8Array;
  #request: RequestInFlight | undefined;
  #isAborted = false;

  constructor(sender: Sender, body: Uint8Array) {
    this.#sender = sender;
    this.#body = body;
    this.reply = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#send(true);
  }

  abort(failure: 'timeout' | 'aborted', reason: string): void {
    this.#isAborted = true;
    this.#resolve({ failure, reason });
    this.#request?.abort(new Error(reason));
  }

  #send(isFirst: boolean): void {
    const credentials = this.#sender.authorization?.credentials();
    const head = this.#sender.headOf(this.#body, credentials);
    this.#request = this.#sender.send(head, this.#body, (result) => {
      if (result instanceof Error) this.#resolve(failureOf(result));
      else if (isPlain(result)) this.#resolve(replyOf(result, result.body, this.#sender.clock));
      else void this.#examine(result, isFirst ? credentials : undefined);
    });
  }

  /** An answer that is compressed, or refuses the signature. */
  async #examine(answer: HttpAnswer, credentials: Credentials | undefined): Promise<void> {
    const { authorization, clock } = this.#sender;
    try {
      const coding = answer.headers.get('content-encoding') ?? '';
      const body = Buffer.from(answer.body.buffer, answer.body.byteOffset, answer.body.length);
      const whole = await decoded(body, coding, longestAnswerBytes(this.#body.length));
      const reply = replyOf(answer, whole, clock);
      const date = answer.headers.get('date');
      const isRepaired =
        authorization && credentials && answer.status >= 400
          ? await this.#repaired(errorNameOf(reply), date, credentials, authorization)
          : false;
      if (isRepaired && !this.#isAborted) this.#send(false);
      else this.#resolve(reply);
    } catch (error) {
      this.#resolve(failureOf(error));
    }
  }

  async #repaired(
    name: string,
    date: string | undefined,
    credentials: Credentials,
    authorization: RenewedSigner,
  ): Promise<boolean> {
    try {
      return await authorization.repaired(name, date, credentials);
    } catch (error) {
      const reason = `${name}, and reading the credentials again failed: ${messageOf(error)}`;
      this.#resolve({ failure: 'auth', reason });
      return false;
    }
  }
}

/** True for an answer that is read as it came. */
function isPlain({ status, headers }: HttpAnswer): boolean {
  return status < 400 && !headers.has('content-encoding');
}

type Answer = Extract<Reply, { readonly status: number }>;

function replyOf({ status, headers }: HttpAnswer, body: Uint8Array, clock: Clock): Answer {
  const retryAfter = headers.get('retry-after');
  return {
    status,
    errorType: headers.get('x-amzn-errortype'),
    contentType: headers.get('content-type') ?? '',
    body,
    modelVersion: modelVersionOf(
      headers.get('x-amzn-sagemaker-custom-attributes'),
      headers.get('x-amzn-invoked-production-variant'),
    ),
    retryAfterMs: retryAfter === undefined ? undefined : retryAfterMs(retryAfter, clock.now()),
    location: headers.get('location'),
  };
}
