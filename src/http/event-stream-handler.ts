import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import type { Socket } from 'node:net';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { FraudstreamError } from '../errors.ts';
import { after, collected, timeoutError } from './bounds.ts';
import { connectTo } from './connect.ts';
import { wholeMessages } from './event-stream.ts';
import { proxyFor, proxyName, trustedCertificates } from './outside-network.ts';

type SdkRequest = Parameters<NodeHttpHandler['handle']>[0];
type Options = NonNullable<Parameters<NodeHttpHandler['handle']>[1]>;
type Answer = Awaited<ReturnType<NodeHttpHandler['handle']>>;

/** Bounds of calls that are answered by an event stream. */
export interface EventStreamBounds {
  readonly connectTimeoutMs: number;
  /** Until the head of the answer. */
  readonly requestTimeoutMs: number;
  /** Between two events. */
  readonly silenceMs: number;
  readonly profile?: string | undefined;
}

/** An error in place of events is no larger. */
const ERROR_BYTES = 1_048_576;

/**
 * The HTTP handler of the SDK for calls that are answered by an event stream: HTTP/2, a connection for each call.
 *
 * AWS serves such streams over HTTP/2. Like `BoundedHandler` it goes through the proxy of the environment
 * and trusts its certificates. Every event is checked before the SDK sees it, and each must follow the one before in
 * time. The abort signal of a call ends its stream and its connection, at any time.
 * Errors: those of `wholeMessages`; `TimeoutError`; those of sockets; `ProtocolError` where HTTP/2 is not spoken;
 * `bad-config` for a proxy that cannot be passed.
 */
export class EventStreamHandler {
  readonly metadata = { handlerProtocol: 'h2' };
  readonly #bounds: EventStreamBounds;
  readonly #sessions = new Set<ClientHttp2Session>();
  #certificates: Promise<string | undefined> | undefined;

  constructor(bounds: EventStreamBounds) {
    this.#bounds = bounds;
  }

  async handle(request: SdkRequest, { abortSignal }: Options = {}): Promise<Answer> {
    const origin = `${request.protocol}//${request.hostname}${request.port ? `:${request.port}` : ''}`;
    const stop = abortSignal as AbortSignal | undefined;
    const socket = await this.#connected(origin);
    const session = connect(origin, { createConnection: () => socket });
    this.#sessions.add(session);
    const end = (): void => session.destroy();
    session.once('close', () => {
      this.#sessions.delete(session);
      stop?.removeEventListener('abort', end);
    });
    stop?.addEventListener('abort', end);
    if (stop?.aborted) end();
    try {
      const { stream, statusCode, headers } = await this.#answered(session, request);
      const { silenceMs } = this.#bounds;
      const body =
        statusCode < 300
          ? untilEnd(wholeMessages(bytesOf(session, stream), silenceMs), end)
          : await collected(untilEnd(bytesOf(session, stream), end), ERROR_BYTES);
      return { response: { statusCode, headers, body } } as Answer;
    } catch (error) {
      end();
      throw error;
    }
  }

  destroy(): void {
    for (const session of this.#sessions) session.destroy();
  }

  updateHttpClientConfig(): void {
    // The settings of this handler are its bounds.
  }

  httpHandlerConfigs(): object {
    return {};
  }

  async #connected(origin: string): Promise<Socket> {
    const { connectTimeoutMs, profile } = this.#bounds;
    this.#certificates ??= trustedCertificates(profile);
    const ca = await this.#certificates;
    const proxy = proxyFor(origin);
    const isSecure = origin.startsWith('https:');
    if (proxy && !isSecure) {
      const message = `HTTP/2 without TLS does not go through the ${proxyName(proxy)}: exclude ${origin} by NO_PROXY, or read with --reader polling.`;
      throw new FraudstreamError('bad-config', message);
    }
    const socket = await connectTo(origin, connectTimeoutMs, { ca, proxy, protocol: 'h2' })();
    if (isSecure && 'alpnProtocol' in socket && socket.alpnProtocol !== 'h2') {
      socket.destroy();
      throw protocolError(origin);
    }
    return socket;
  }

  #answered(session: ClientHttp2Session, request: SdkRequest): Promise<AnsweredHead> {
    const { requestTimeoutMs } = this.#bounds;
    const { host, connection: _, ...headers } = request.headers;
    return new Promise((resolve, reject) => {
      const cancel = after(requestTimeoutMs, () =>
        reject(timeoutError(`no complete answer in ${requestTimeoutMs} ms`)),
      );
      const fail = (error?: Error): void => {
        cancel();
        reject(error ?? closedError());
      };
      session.once('error', fail).once('close', () => fail());
      const stream = session.request({
        ...headers,
        [constants.HTTP2_HEADER_METHOD]: request.method,
        [constants.HTTP2_HEADER_PATH]: request.path,
        [constants.HTTP2_HEADER_AUTHORITY]: host ?? request.hostname,
      });
      stream.once('error', fail);
      stream.once('response', ({ ':status': statusCode = 0, ...received }) => {
        cancel();
        const texts = Object.entries(received).map(([name, value]) => [name, String(value)]);
        resolve({ stream, statusCode, headers: Object.fromEntries(texts) });
      });
      stream.end(request.body);
    });
  }
}

interface AnsweredHead {
  readonly stream: ClientHttp2Stream;
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
}

function protocolError(origin: string): Error {
  const message = `${origin} does not support HTTP/2, which event streams need`;
  return Object.assign(new Error(message), { name: 'ProtocolError' });
}

function closedError(): Error {
  const message = 'the connection was closed before the end of the answer';
  return Object.assign(new Error(message), { code: 'ECONNRESET' });
}

/** The bytes of a stream; a connection that ends before it is an error, however it ends. */
async function* bytesOf(
  session: ClientHttp2Session,
  stream: ClientHttp2Stream,
): AsyncGenerator<Buffer, void, undefined> {
  let broken: Error | undefined;
  session.once('error', (error) => {
    broken = error;
  });
  yield* stream;
  if (broken) throw broken;
  if ((stream.rstCode ?? 0) !== constants.NGHTTP2_NO_ERROR) throw closedError();
}

async function* untilEnd(
  messages: AsyncIterable<Buffer>,
  end: () => void,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* messages;
  } finally {
    end();
  }
}
