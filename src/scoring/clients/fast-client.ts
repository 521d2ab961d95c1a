import { validateHeaderName, validateHeaderValue } from 'node:http';
import { FraudstreamError, messageOf } from '../../errors.ts';
import type { HttpAnswer } from '../../http/answer-parser.ts';
import { connectTo } from '../../http/connect.ts';
import { HttpClient, type RequestInFlight } from '../../http/http-client.ts';
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
 * A client over kept connections, signed by ourselves: `--transport fast`.
 *
 * Requests are timed out by the scorer. Measured against the SDK in docs/performance.md.
 * Errors: `bad-config` for a header that HTTP does not allow.
 */
export function fastClient(
  { origin, request, signing }: HttpTarget,
  { connections, connectTimeoutMs }: ConnectionSettings,
  clock: Clock,
): ScoreClient {
  const client = new HttpClient(connectTo(origin, connectTimeoutMs), connections, clock);
  const start = `POST ${pathOf(request)} HTTP/1.1\r\n`;
  const plainHead = start + headerLines(request.headers);
  const signer = signing && new Signer(request, signing.service, signing.region);
  const headOf = (body: Uint8Array): string =>
    signer && signing
      ? start + headerLines(signer.headers(body, signing.keyring.current(), clock.now()))
      : plainHead;
  return {
    place: `${origin}${request.path}`,
    invoke: (body) => new Exchange(client, headOf(body), body),
    close: async () => client.close(),
  };
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

/** One request and its answer. */
class Exchange implements ScoreRequest {
  readonly reply: Promise<Reply>;
  #resolve: (reply: Reply) => void = () => undefined;
  readonly #request: RequestInFlight;

  constructor(client: HttpClient, head: string, body: Uint8Array) {
    this.reply = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    const maxAnswerBytes = longestAnswerBytes(body.length);
    this.#request = client.send({ head, body, maxAnswerBytes }, (result) =>
      this.#resolve(result instanceof Error ? failureOf(result) : replyOf(result)),
    );
  }

  abort(failure: 'timeout' | 'aborted', reason: string): void {
    this.#resolve({ failure, reason });
    this.#request.abort(new Error(reason));
  }
}

function replyOf({ status, headers, body }: HttpAnswer): Reply {
  return {
    status,
    errorType: headers.get('x-amzn-errortype'),
    contentType: headers.get('content-type') ?? '',
    body,
    modelVersion: modelVersionOf(
      headers.get('x-amzn-sagemaker-custom-attributes'),
      headers.get('x-amzn-invoked-production-variant'),
    ),
    retryAfterMs: retryAfterMs(headers.get('retry-after')),
  };
}

/** Milliseconds of a `Retry-After` header in seconds; `undefined` for a date, which is not waited for. */
export function retryAfterMs(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : undefined;
}
