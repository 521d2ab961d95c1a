import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { MiddlewareStack } from '@smithy/types';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { after, collected, timeoutError, within } from './bounds.ts';
import { decoded } from './content-coding.ts';
import { namingProxy, proxyFor, proxyName, trustedCertificates } from './outside-network.ts';

type SdkRequest = Parameters<NodeHttpHandler['handle']>[0];
type Options = NonNullable<Parameters<NodeHttpHandler['handle']>[1]>;
type Answer = Awaited<ReturnType<NodeHttpHandler['handle']>>;

/**
 * Bounds of every request of a client of the AWS SDK.
 *
 * `requestTimeoutMs` spans connecting, sending, the head and the body of the answer; infinite where
 * the caller aborts by himself. `maxAnswerBytes` is asked for each request. With `isStreamed`, the
 * body of a successful answer is handed over unread, and whoever reads it bounds it. `profile` may
 * name a certificate authority (`ca_bundle`).
 */
export interface RequestBounds {
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly maxAnswerBytes: (request: SdkRequest) => number;
  readonly isStreamed?: boolean;
  readonly profile?: string | undefined;
}

/** Answers that list no records: a hundred times what AWS answers. */
export const SMALL_ANSWER_BYTES: number = 4 * 1_048_576;

const DIRECT = '';
const PROXY_AUTHENTICATION_REQUIRED = 407;

/**
 * The HTTP handler of the SDK, with an end to every answer, through the proxy of the environment.
 *
 * The timeout of `NodeHttpHandler` ends at the head of an answer, and nothing there bounds a body.
 * HTTP/1.1 with kept connections: the SDK's default for Kinesis opens an HTTP/2 connection for
 * every request.
 * Errors: `TimeoutError`; `ResponseTooLarge`; those of the socket. Each closes the connection.
 */
export class BoundedHandler {
  readonly metadata = { handlerProtocol: 'http/1.1' };
  readonly #bounds: RequestBounds;
  /** By proxy; a provider of credentials asks other hosts through this handler as well. */
  readonly #handlers = new Map<string, NodeHttpHandler>();
  #certificates: Promise<string | undefined> | undefined;

  constructor(bounds: RequestBounds) {
    this.#bounds = bounds;
  }

  async handle(request: SdkRequest, options: Options = {}): Promise<Answer> {
    const { requestTimeoutMs, maxAnswerBytes, isStreamed } = this.#bounds;
    const proxy = proxyFor(`${request.protocol}//${request.hostname}:${request.port ?? ''}`);
    const handler = await this.#handlerOf(proxy);
    const stop = new AbortController();
    const cancel = after(requestTimeoutMs, () => stop.abort());
    const caller = options.abortSignal as AbortSignal | undefined;
    const abortSignal = caller ? AbortSignal.any([caller, stop.signal]) : stop.signal;
    try {
      const { response } = await handler.handle(request, { ...options, abortSignal });
      if (response.statusCode === PROXY_AUTHENTICATION_REQUIRED) throw refusedByProxy(proxy);
      if (!isStreamed || response.statusCode >= 300) {
        const bytes = await collected(response.body, maxAnswerBytes(request));
        const { 'content-encoding': coding = '' } = response.headers;
        response.body = await decoded(bytes, coding, maxAnswerBytes(request));
      }
      return { response };
    } catch (error) {
      const reason = stop.signal.aborted ? lateError(requestTimeoutMs) : error;
      throw proxy ? namingProxy(reason, proxy) : reason;
    } finally {
      cancel();
    }
  }

  destroy(): void {
    for (const handler of this.#handlers.values()) handler.destroy();
  }

  updateHttpClientConfig(): void {
    // The settings of this handler are its bounds.
  }

  httpHandlerConfigs(): object {
    return {};
  }

  async #handlerOf(proxy: URL | undefined): Promise<NodeHttpHandler> {
    this.#certificates ??= trustedCertificates(this.#bounds.profile);
    const ca = await this.#certificates;
    const known = this.#handlers.get(proxy?.href ?? DIRECT);
    if (known) return known;
    const handler = new NodeHttpHandler({
      ...agentsOf(proxy, {
        keepAlive: true,
        maxSockets: this.#bounds.maxConnections,
        ...(ca !== undefined && { ca }),
      }),
      connectionTimeout: this.#bounds.connectTimeoutMs,
      // As many wait for a connection as the caller lets: that is no sign of trouble.
      socketAcquisitionWarningTimeout: 2 ** 31 - 1,
    });
    this.#handlers.set(proxy?.href ?? DIRECT, handler);
    return handler;
  }
}

/** What the connections of an agent have in common; `cert` and `key` are those of the client. */
export interface AgentSettings {
  readonly keepAlive: boolean;
  readonly maxSockets: number;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Agents of Node, which go through the proxy if there is one. */
export function agentsOf(
  proxy: URL | undefined,
  settings: AgentSettings,
): { readonly httpAgent: HttpAgent; readonly httpsAgent: HttpsAgent } {
  if (!proxy) return { httpAgent: new HttpAgent(settings), httpsAgent: new HttpsAgent(settings) };
  const httpsAgent = new HttpsProxyAgent(proxy, settings);
  // Its own options, of which the TLS inside of the tunnel is made, begin empty.
  Object.assign(httpsAgent.options, settings);
  // Both are agents of Node in everything that is asked of them here.
  return {
    httpAgent: new HttpProxyAgent(proxy, settings) as HttpAgent,
    httpsAgent: httpsAgent as unknown as HttpsAgent,
  };
}

function refusedByProxy(proxy: URL | undefined): Error {
  const name = proxy ? proxyName(proxy) : 'a proxy';
  const message = `HTTP 407: the ${name} requires a user and a password; write http://user:password@host:port`;
  return Object.assign(new Error(message), { name: 'ProxyError', code: 'EPROXY' });
}

/**
 * Ends every call of a client after `timeoutMs`, also one that waits for something other than an
 * answer: a provider of credentials is a server, too, or a program.
 */
export function limitCalls<Input extends object, Output extends object>(
  stack: Pick<MiddlewareStack<Input, Output>, 'add'>,
  timeoutMs: number,
): void {
  stack.add((next) => (args) => within(timeoutMs, next(args), lateError(timeoutMs).message), {
    step: 'initialize',
    priority: 'high',
    name: 'limitCalls',
  });
}

function lateError(timeoutMs: number): Error {
  return timeoutError(`no complete answer in ${timeoutMs} ms`);
}
