import { validateHeaderName, validateHeaderValue } from 'node:http';
import { FraudstreamError, messageOf } from '../../errors.ts';
import type { HttpAnswer } from '../../http/answer-parser.ts';
import { routeTo } from '../../http/connect.ts';
import { decoded } from '../../http/content-coding.ts';
import { HttpClient, type RequestInFlight } from '../../http/http-client.ts';
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

/**
 * Opens a client over kept connections, signed by ourselves: `--transport fast`.
 *
 * Requests are timed out by the scorer. Measured against the SDK in docs/performance.md.
 * Errors: `bad-config` for a proxy or a certificate file that cannot be used, and for a header that HTTP does not allow.
 */
export async function fastClient(
  target: HttpTarget,
  { connections, connectTimeoutMs, profile, notify }: ConnectionSettings,
  clock: Clock,
): Promise<ScoreClient> {
  const { origin, request, signing } = target;
  const ca = await trustedCertificates(profile);
  const route = routeTo(origin, { connectTimeoutMs, ca, proxy: proxyFor(origin) });
  const client = new HttpClient(route.connect, connections, clock);
  const start = `POST ${route.pathPrefix}${pathOf(request)} HTTP/1.1\r\n${headerLines(route.headers)}`;
  const unsigned = start + headerLines(request.headers);
  const authorization = signing && new Authorization(target, signing, clock, notify);
  const caller: Caller = { client, start, unsigned, authorization, clock };
  return {
    place: `${origin}${request.path}`,
    invoke: (body) => new Exchange(caller, body),
    close: async () => client.close(),
  };
}

/** What the requests of one client share. `start` is the head without the headers of the request. */
interface Caller {
  readonly client: HttpClient;
  readonly start: string;
  readonly unsigned: string;
  readonly authorization: Authorization | undefined;
  readonly clock: Clock;
}

function headerLines(headers: Readonly<Record<string, string>>): string {
  let lines = '';
  for (const name of Object.keys(headers)) {
    const value = headers[name] as string;
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch (cause) {
      const message = `The header "${name}" cannot be sent: ${messageOf(cause)}.`;
      throw new FraudstreamError('bad-config', message, { cause });
    }
    lines += `${name}: ${value}\r\n`;
  }
  return lines;
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

/** One request and its answer; one that is refused for its signature is sent twice. */
class Exchange implements ScoreRequest {
  readonly reply: Promise<Reply>;
  #resolve: (reply: Reply) => void = () => undefined;
  readonly #caller: Caller;
  readonly #body: Uint8Array;
  readonly #maxBytes: number;
  #request: RequestInFlight | undefined;
  #credentials: Credentials | undefined;
  #attempts = 0;
  #isAborted = false;

  constructor(caller: Caller, body: Uint8Array) {
    this.#caller = caller;
    this.#body = body;
    this.#maxBytes = longestAnswerBytes(body.length);
    this.reply = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#send();
  }

  abort(failure: 'timeout' | 'aborted', reason: string): void {
    this.#isAborted = true;
    this.#resolve({ failure, reason });
    this.#request?.abort(new Error(reason));
  }

  #send(): void {
    this.#attempts += 1;
    const bytes = { head: this.#head(), body: this.#body, maxAnswerBytes: this.#maxBytes };
    this.#request = this.#caller.client.send(bytes, (result) => this.#ended(result));
  }

  #head(): string {
    const { start, unsigned, authorization } = this.#caller;
    if (!authorization) return unsigned;
    this.#credentials = authorization.credentials();
    return start + headerLines(authorization.headers(this.#body, this.#credentials));
  }

  #ended(result: HttpAnswer | Error): void {
    if (result instanceof Error) {
      this.#resolve(failureOf(result));
      return;
    }
    const coding = result.headers.get('content-encoding');
    if (coding === undefined) this.#answered(result, result.body);
    else {
      decoded(result.body, coding, this.#maxBytes).then(
        (body) => this.#answered(result, body),
        (error: unknown) => this.#resolve(failureOf(error)),
      );
    }
  }

  #answered({ status, headers }: HttpAnswer, body: Uint8Array): void {
    const { authorization, clock } = this.#caller;
    const reply = {
      status,
      errorType: headers.get('x-amzn-errortype'),
      contentType: headers.get('content-type') ?? '',
      body,
      modelVersion: modelVersionOf(
        headers.get('x-amzn-sagemaker-custom-attributes'),
        headers.get('x-amzn-invoked-production-variant'),
      ),
      retryAfterMs: retryAfterMs(headers.get('retry-after'), clock.now()),
      location: headers.get('location'),
    };
    if (status < 400 || !authorization) this.#resolve(reply);
    else void this.#repair(reply, authorization, headers.get('date'));
  }

  async #repair(
    reply: Extract<Reply, { readonly status: number }>,
    authorization: Authorization,
    date: string | undefined,
  ): Promise<void> {
    const isFirst = this.#attempts === 1 && !this.#isAborted;
    try {
      const isRepaired =
        isFirst &&
        this.#credentials !== undefined &&
        (await authorization.repaired(errorNameOf(reply), date, this.#credentials));
      if (isRepaired && !this.#isAborted) this.#send();
      else this.#resolve(reply);
    } catch (error) {
      const reason = `${errorNameOf(reply)}, and reading the credentials again failed: ${messageOf(error)}`;
      this.#resolve({ failure: 'auth', reason });
    }
  }
}
