import type { Socket } from 'node:net';
import type { Clock } from '../stream/clock.ts';
import { AnswerParser, type HttpAnswer } from './answer-parser.ts';
import type { Connect } from './connect.ts';

/** Bytes of a request, and how long the body of its answer may be. */
export interface HttpRequestBytes {
  /** Request line and headers, each with its CRLF, but without Content-Length and without the empty line. */
  readonly head: string;
  readonly body: Uint8Array;
  readonly maxAnswerBytes: number;
}

/** Called once for each request, with its answer or with why there is none. */
export type Done = (result: HttpAnswer | Error) => void;

/** A request under way. `abort` ends it with the error, and its connection. */
export interface RequestInFlight {
  abort(error: Error): void;
}

/** Servers close idle connections; a request that crosses the close is lost. Most wait for 5 s or more. */
const IDLE_MS = 4_000;
/** How much earlier than the server says it is left alone. */
const MARGIN_MS = 1_000;

/**
 * HTTP/1.1 over kept connections, one request at a time on each.
 *
 * For requests of a load test: what a request costs here is part of what is measured. A general client takes
 * three times the processor time (docs/performance.md). Requests beyond the connections wait in their order.
 * Nothing is repeated, and nothing is timed out but connecting: the caller aborts.
 */
export class HttpClient {
  readonly #connect: Connect;
  readonly #maxConnections: number;
  readonly #clock: Clock;
  readonly #idle: Connection[] = [];
  readonly #connections = new Set<Connection>();
  #waiting: PendingRequest[] = [];
  #opening = 0;
  #isClosed = false;

  constructor(connect: Connect, maxConnections: number, clock: Clock) {
    this.#connect = connect;
    this.#maxConnections = maxConnections;
    this.#clock = clock;
  }

  send(bytes: HttpRequestBytes, done: Done): RequestInFlight {
    const request = new PendingRequest(bytes, done);
    const connection = this.#isClosed ? undefined : this.#takeIdle();
    if (connection) connection.send(request);
    else if (this.#isClosed) request.finish(new Error('the client is closed'));
    else {
      this.#waiting.push(request);
      this.#open();
    }
    return request;
  }

  /** Ends all connections, and the requests on them. */
  close(): void {
    this.#isClosed = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const request of waiting) request.finish(new Error('the client was closed'));
    for (const connection of [...this.#connections]) connection.destroy();
  }

  /** The connection that was used last, which is the least likely to be closed by the server just now. */
  #takeIdle(): Connection | undefined {
    const now = this.#clock.now();
    for (let found = this.#idle.pop(); found; found = this.#idle.pop()) {
      if (found.idleUntil > now) return found;
      found.destroy();
    }
    return undefined;
  }

  /** Opens connections for those that wait, as far as there may be more. */
  #open(): void {
    while (
      this.#opening < this.#waiting.length &&
      this.#opening + this.#connections.size < this.#maxConnections
    ) {
      this.#opening += 1;
      this.#connect().then(
        (socket) => this.#opened(socket),
        (error: Error) => this.#failed(error),
      );
    }
  }

  #opened(socket: Socket): void {
    this.#opening -= 1;
    const connection = new Connection(socket, {
      free: (answer) => this.#free(connection, answer),
      gone: () => this.#gone(connection),
    });
    this.#connections.add(connection);
    if (this.#isClosed) connection.destroy();
    else this.#next(connection, IDLE_MS);
  }

  #failed(error: Error): void {
    this.#opening -= 1;
    this.#takeWaiting()?.finish(error);
    this.#open();
  }

  #free(connection: Connection, answer: HttpAnswer): void {
    const seconds = /(?:^|[\s,])timeout=(\d+)/i.exec(answer.headers.get('keep-alive') ?? '')?.[1];
    const idleMs = seconds === undefined ? IDLE_MS : Number(seconds) * 1000 - MARGIN_MS;
    this.#next(connection, idleMs);
  }

  #next(connection: Connection, idleMs: number): void {
    const request = this.#takeWaiting();
    if (request) connection.send(request);
    else {
      connection.idleUntil = this.#clock.now() + idleMs;
      this.#idle.push(connection);
    }
  }

  #gone(connection: Connection): void {
    this.#connections.delete(connection);
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
    this.#open();
  }

  /** The first that waits and was not given up. */
  #takeWaiting(): PendingRequest | undefined {
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      if (!next.isOver) return next;
    }
    return undefined;
  }
}

/** A request from its call to its answer. */
class PendingRequest implements RequestInFlight {
  readonly bytes: HttpRequestBytes;
  connection: Connection | undefined;
  isOver = false;
  readonly #done: Done;

  constructor(bytes: HttpRequestBytes, done: Done) {
    this.bytes = bytes;
    this.#done = done;
  }

  abort(error: Error): void {
    const { connection } = this;
    this.finish(error);
    connection?.destroy();
  }

  finish(result: HttpAnswer | Error): void {
    if (this.isOver) return;
    this.isOver = true;
    this.connection = undefined;
    this.#done(result);
  }
}

interface Owner {
  /** The answer has come, and the connection can take another request. */
  free(answer: HttpAnswer): void;
  gone(): void;
}

/** A connection with at most one request on it. */
class Connection {
  /** In milliseconds of the client's clock. */
  idleUntil = 0;
  readonly #socket: Socket;
  readonly #owner: Owner;
  readonly #parser = new AnswerParser();
  #request: PendingRequest | undefined;
  #error: Error | undefined;

  constructor(socket: Socket, owner: Owner) {
    this.#socket = socket;
    this.#owner = owner;
    socket.on('data', (bytes: Buffer) => this.#received(bytes));
    socket.on('end', () => this.#ended());
    socket.on('error', (error) => {
      this.#error = error;
    });
    socket.on('close', () => this.#closed());
  }

  send(request: PendingRequest): void {
    this.#request = request;
    request.connection = this;
    const { head, body, maxAnswerBytes } = request.bytes;
    this.#parser.begin(maxAnswerBytes);
    this.#socket.write(requestBytes(head, body));
  }

  destroy(error?: Error): void {
    this.#error ??= error;
    this.#socket.destroy();
  }

  #received(bytes: Buffer): void {
    // Nobody asked for it, such as a 408 of a server that is tired of waiting.
    if (!this.#request) this.destroy();
    else this.#parse(bytes);
  }

  #parse(bytes: Buffer): void {
    try {
      const answer = this.#parser.push(bytes);
      if (answer) this.#answered(answer);
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  #ended(): void {
    const answer = this.#request && this.#parser.end();
    if (answer) this.#answered(answer);
  }

  #answered(answer: HttpAnswer): void {
    const request = this.#request;
    this.#request = undefined;
    if (!answer.isReusable) this.destroy();
    else this.#owner.free(answer);
    request?.finish(answer);
  }

  #closed(): void {
    this.#request?.finish(this.#error ?? closedError(this.#parser.hasBegun));
    this.#request = undefined;
    this.#owner.gone();
  }
}

function closedError(hasBegun: boolean): Error {
  const when = hasBegun ? 'in the middle of the answer' : 'before an answer';
  const message = `the other side closed the connection ${when}`;
  return Object.assign(new Error(message), { code: 'ECONNRESET' });
}

/** One buffer, so that it is one system call and mostly one packet. */
function requestBytes(head: string, body: Uint8Array): Buffer {
  const start = `${head}content-length: ${body.length}\r\n\r\n`;
  const bytes = Buffer.allocUnsafe(start.length + body.length);
  bytes.write(start, 0, 'latin1');
  bytes.set(body, start.length);
  return bytes;
}
