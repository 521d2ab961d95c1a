import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import {
  createServer as createHttp2Server,
  type Http2Server,
  type ServerHttp2Session,
} from 'node:http2';
import { type AddressInfo, createServer as createSocketServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { FraudstreamError, messageOf } from '../errors.ts';
import { foreignCaller } from './foreign-caller.ts';
import type { TlsIdentity } from './tls-identity.ts';

/** An HTTP request with its whole body. `path` begins with a slash; `path` and `query` are not decoded. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** `undefined` when it was larger than `bodyBytes`. */
  readonly body: Buffer | undefined;
}

/** Answers a request. What it throws becomes an HTTP 500. */
export type Handle = (request: HttpRequest, response: ServerResponse) => void | Promise<void>;

export interface LoopbackServerSettings {
  /** Bytes of a body that are kept. */
  readonly bodyBytes: number;
  readonly handle: Handle;
  /** True when a connection (without a path), or a request for a path, is to be reset. */
  readonly resets?: (path: string | undefined) => boolean;
  /** How long the head of a request may take to arrive, and the whole of it. */
  readonly headMs?: number;
  readonly requestMs?: number;
  /** With it, every connection is TLS. */
  readonly tls?: TlsIdentity | undefined;
}

const HEAD_MS = 30_000;
const REQUEST_MS = 60_000;
/** Of a body that is too large, this many times its limit is read before the answer. */
const DRAINED_TIMES = 4;
/** How long connections may finish after `close`. */
const CLOSE_MS = 1_000;
/** The first bytes of HTTP/2 that no HTTP/1.1 begins with. Source: RFC 9113, section 3.4. */
const HTTP2_PREFACE = 'PRI * HTTP/2.0';
/** A connection of HTTP/2 without streams is closed after so long; its streams have the limits of requests. */
const HTTP2_IDLE_MS = 300_000;

/** Statuses of requests that Node could not parse, by its error code; 400 for all others. */
const statusOfError: ReadonlyMap<string | undefined, string> = new Map([
  ['HPE_HEADER_OVERFLOW', '431 Request Header Fields Too Large'],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', '413 Payload Too Large'],
  ['ERR_HTTP_REQUEST_TIMEOUT', '408 Request Timeout'],
]);

/**
 * An HTTP server on 127.0.0.1 that no request can end, hang or fill up.
 *
 * Every server of fraudstream is one: request targets are parsed here, bodies are bounded, a request that
 * arrives too slowly gets 408, one that is not HTTP 4xx, one of a page of the web 403, and an exception of `handle` 500.
 * HTTP/1.1 and HTTP/2 (by prior knowledge, or ALPN with TLS) on one port.
 */
export class LoopbackServer {
  readonly #settings: LoopbackServerSettings;
  readonly #listener: ReturnType<typeof createSocketServer>;
  readonly #http1: Server;
  readonly #http2: Http2Server;
  readonly #sockets = new Set<Socket>();
  readonly #sessions = new Set<ServerHttp2Session>();
  /** The response of the last request of each connection. */
  readonly #lastResponse = new WeakMap<Duplex, ServerResponse>();

  constructor(settings: LoopbackServerSettings) {
    this.#settings = settings;
    const { headMs = HEAD_MS, requestMs = REQUEST_MS, tls } = settings;
    const timeouts = { headersTimeout: headMs, requestTimeout: requestMs };
    const connectionsCheckingInterval = Math.ceil(headMs / 4);
    this.#http1 = createServer({ ...timeouts, connectionsCheckingInterval }, (...both) =>
      this.#take(...both),
    );
    // A fast client keeps its connections while it thinks; closing them between would be a reset.
    this.#http1.keepAliveTimeout = 0;
    this.#http1.on('clientError', (error: NodeJS.ErrnoException, socket) =>
      this.#refuse(error, socket),
    );
    // It takes connections that others accept: this starts its watch over slow requests.
    this.#http1.emit('listening');
    this.#http2 = this.#http2Server(requestMs);
    this.#listener = tls
      ? createTlsServer({ ...tls, ALPNProtocols: ['h2', 'http/1.1'] }, (socket) =>
          this.#accept(socket, socket.alpnProtocol === 'h2'),
        )
      : createSocketServer((socket) => this.#accept(socket, false));
    this.#listener.on('connection', (socket: Socket) => this.#track(socket));
    this.#listener.on('tlsClientError', (_error: Error, socket: TLSSocket) => socket.destroy());
  }

  /** Listens; resolves with the port. Errors: `usage` when the port is taken; `what` names it. */
  listen(port: number, what = `Port ${port}`): Promise<number> {
    return new Promise((resolve, reject) => {
      // Later errors are of single connections that could not be accepted.
      this.#listener.on('error', (cause: NodeJS.ErrnoException) => {
        const message = `${what} cannot be taken (${cause.code}). Choose another; 0 takes a free one.`;
        reject(new FraudstreamError('usage', message, { cause }));
      });
      this.#listener.listen(port, '127.0.0.1', () => {
        resolve((this.#listener.address() as AddressInfo).port);
      });
    });
  }

  /** Ends when all connections have, or after a second without them. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#listener.close(() => resolve()));
    // Its timer of slow requests ends with it.
    this.#http1.close();
    this.#http1.closeIdleConnections();
    for (const session of this.#sessions) session.close();
    for (const socket of this.#sockets) if (socket.bytesRead === 0) socket.destroy();
    const late = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, CLOSE_MS);
    await closed;
    clearTimeout(late);
  }

  #http2Server(requestMs: number): Http2Server {
    const server = createHttp2Server({ maxSessionInvalidFrames: 100 });
    server.on('request', (request, response) => {
      request.stream.setTimeout(requestMs, () => request.stream.close());
      // The compatibility API of HTTP/2 has all that is used of HTTP/1.1 here.
      this.#take(request as unknown as IncomingMessage, response as unknown as ServerResponse);
    });
    server.on('session', (session) => {
      this.#sessions.add(session);
      session.on('close', () => this.#sessions.delete(session));
      session.on('error', () => session.destroy());
      session.setTimeout(HTTP2_IDLE_MS, () => session.close());
    });
    server.on('sessionError', () => undefined);
    return server;
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    if (this.#settings.resets?.(undefined)) socket.resetAndDestroy();
  }

  /** Hands a connection to the server of its protocol, which its first bytes say. */
  #accept(socket: Socket, isHttp2: boolean): void {
    socket.on('error', () => socket.destroy());
    if (isHttp2) {
      this.#http2.emit('connection', socket);
      return;
    }
    const { headMs = HEAD_MS } = this.#settings;
    const silent = setTimeout(() => socket.destroy(), headMs);
    socket.once('close', () => clearTimeout(silent));
    socket.once('data', (first: Buffer) => {
      clearTimeout(silent);
      socket.pause();
      socket.unshift(first);
      // Also over TLS: the SDK for Java takes HTTP/2 for granted, and negotiates nothing.
      const isPreface =
        HTTP2_PREFACE.startsWith(first.toString('latin1', 0, HTTP2_PREFACE.length)) &&
        first.length >= 3;
      // Node asks this property whether it may speak HTTP/2.
      if (isPreface) this.#http2.emit('connection', Object.assign(socket, { alpnProtocol: 'h2' }));
      else {
        this.#http1.emit('connection', socket);
        socket.resume();
      }
    });
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const target = targetOf(request.url ?? '');
    const foreign = foreignCaller(request.headers);
    if (foreign !== undefined) {
      refuseCaller(foreign, request, response);
      return;
    }
    if (this.#settings.resets?.(target?.path ?? '')) {
      resetConnection(response);
      return;
    }
    this.#lastResponse.set(socket, response);
    // Who goes away in the middle needs no answer.
    request.on('error', () => socket.destroy());
    response.on('error', () => socket.destroy());
    if (target) this.#read(request, (body) => this.#answer(request, target, body, response));
    else refuseTarget(request, response);
  }

  /** Passes on the body once it has arrived, or has become far too large. */
  #read(request: IncomingMessage, done: (body: Buffer | undefined) => void): void {
    const { bodyBytes } = this.#settings;
    const parts: Buffer[] = [];
    let bytes = 0;
    let isDone = false;
    const end = (): void => {
      if (isDone) return;
      isDone = true;
      const [first] = parts;
      const body = parts.length === 1 && first ? first : Buffer.concat(parts);
      done(bytes > bodyBytes ? undefined : body);
    };
    request.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes <= bodyBytes) parts.push(part);
      else parts.length = 0;
      if (bytes <= bodyBytes * DRAINED_TIMES) return;
      request.pause();
      end();
    });
    request.on('end', end);
  }

  #answer(
    request: IncomingMessage,
    target: PathAndQuery,
    body: Buffer | undefined,
    response: ServerResponse,
  ): void {
    if (!request.complete) response.shouldKeepAlive = false;
    const { method = 'GET', headers } = request;
    try {
      const done = this.#settings.handle({ method, ...target, headers, body }, response);
      if (done) void done.catch((error: unknown) => fail(error, response));
    } catch (error) {
      fail(error, response);
    }
  }

  /** Answers what is not HTTP, unless an earlier request still waits for its own answer. */
  #refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
    const last = this.#lastResponse.get(socket);
    const isFree = !last || last.writableFinished;
    const isOfLast = last?.socket === socket && !last.headersSent && !last.req.complete;
    if (!socket.writable || !(isFree || isOfLast)) {
      socket.destroy();
      return;
    }
    const status = statusOfError.get(error.code) ?? '400 Bad Request';
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () =>
      socket.destroy(),
    );
  }
}

interface PathAndQuery {
  readonly path: string;
  readonly query: string;
}

const SLASH = 0x2f;

/**
 * Path and query of a request target, in origin form or absolute form; `undefined` for any other.
 *
 * Nothing is decoded or resolved, so nothing can throw. Source: RFC 9112, section 3.2.
 */
export function targetOf(url: string): PathAndQuery | undefined {
  let origin = url;
  if (url.charCodeAt(0) !== SLASH) {
    const [authority] = /^https?:\/\/[^/?#]+/i.exec(url) ?? [];
    if (authority === undefined) return undefined;
    const rest = url.slice(authority.length);
    origin = rest.startsWith('/') ? rest : `/${rest}`;
  }
  const mark = origin.indexOf('?');
  if (mark < 0) return { path: origin, query: '' };
  return { path: origin.slice(0, mark), query: origin.slice(mark + 1) };
}

function refuseCaller(message: string, request: IncomingMessage, response: ServerResponse): void {
  response.on('error', () => undefined);
  request.on('error', () => undefined);
  response.shouldKeepAlive = false;
  answerJson(response, 403, { message });
  request.resume();
}

function refuseTarget(request: IncomingMessage, response: ServerResponse): void {
  const message = 'The request target must begin with "/".';
  response.shouldKeepAlive = false;
  answerJson(response, 400, { message });
  request.resume();
}

function fail(error: unknown, response: ServerResponse): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const reason = messageOf(error);
  answerJson(response, 500, { message: `An error in fraudstream: ${reason}` });
}

/** Resets the connection of a response; one of TLS can only be cut. */
export function resetConnection({ socket }: Pick<ServerResponse, 'socket'>): void {
  if (!socket) return;
  if ('encrypted' in socket) socket.destroy();
  else socket.resetAndDestroy();
}

/** Answers with a value as JSON. */
export function answerJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = { 'content-type': 'application/json' },
): void {
  const text = body === '' ? '' : JSON.stringify(body);
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
