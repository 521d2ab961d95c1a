import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FraudstreamError } from '../fraudstream-error.ts';
import type { Clock } from '../stream/clock.ts';
import { type Fault, faultText, parseFault } from './fault.ts';
import { REQUEST_BYTES } from './limits.ts';
import type { KinesisService } from './service.ts';

/** Base64 and JSON make a request of 10 MiB larger than that. */
const BODY_BYTES = REQUEST_BYTES * 2;

const NOT_JSON =
  'The body is not JSON. The AWS SDK for Java sends CBOR unless CBOR_ENABLED=false (version 1: AWS_CBOR_DISABLE=true).';

/** The service on a port of the loopback interface, speaking AWS JSON 1.1. */
export class KinesisServer {
  readonly #service: KinesisService;
  readonly #clock: Clock;
  readonly #server: Server;

  constructor(service: KinesisService, clock: Clock) {
    this.#service = service;
    this.#clock = clock;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    // A fast client keeps its connections while it thinks; closing them between would be a reset.
    this.#server.keepAliveTimeout = 0;
  }

  /** Listens; resolves with the port. Errors: `usage` when the port is taken. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', (cause: NodeJS.ErrnoException) => {
        const message = `Port ${port} cannot be taken (${cause.code}). Choose another; 0 takes a free one.`;
        reject(new FraudstreamError('usage', message, { cause }));
      });
      this.#server.listen(port, '127.0.0.1', () => {
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await bodyOf(request);
      if (body === undefined)
        return answer(response, 413, { message: 'The request is too large.' });
      if (request.url?.startsWith('/_fraudstream/')) return this.#serveOwn(request, body, response);
      await this.#serveKinesis(request, body, response);
    } catch {
      // The client went away in the middle: there is nobody to tell.
      request.socket.destroy();
    }
  }

  async #serveKinesis(
    request: IncomingMessage,
    body: Buffer,
    response: ServerResponse,
  ): Promise<void> {
    const action = String(request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
    const fields = parsed(body);
    if (fields === undefined) {
      return answer(response, 400, { __type: 'SerializationException', message: NOT_JSON });
    }
    const outcome = this.#service.handle(action, fields);
    if (outcome.delayMs > 0) await this.#clock.sleep(outcome.delayMs);
    if (outcome.end === 'hang') return;
    const { status, body: said } = outcome.answer();
    if (outcome.end === 'reset') request.socket.resetAndDestroy();
    else answer(response, status, said);
  }

  /** Our own door: faults to set, statistics to read. */
  #serveOwn({ method, url }: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const { troubles } = this.#service;
    if (method === 'GET' && url === '/_fraudstream/statistics') {
      answer(response, 200, this.#service.statistics());
    } else if (method === 'GET' && url === '/_fraudstream/faults') {
      answer(response, 200, troubles.faults.map(faultText));
    } else if (method === 'POST' && url === '/_fraudstream/faults') {
      this.#setFaults(parsed(body), response);
    } else {
      answer(response, 404, { message: 'Unknown. See docs/local.md.' });
    }
  }

  #setFaults(written: unknown, response: ServerResponse): void {
    const { troubles } = this.#service;
    try {
      troubles.set(faultsOf(written));
      answer(response, 200, troubles.faults.map(faultText));
    } catch (error) {
      answer(response, 400, { message: error instanceof Error ? error.message : String(error) });
    }
  }
}

/** All or none: one that cannot be read leaves the old faults in force. */
function faultsOf(written: unknown): readonly Fault[] {
  if (!Array.isArray(written)) {
    throw new FraudstreamError('usage', 'Send a JSON list of faults, as ["throttle:0.2"].');
  }
  return written.map((one: unknown) =>
    parseFault(typeof one === 'string' ? one : JSON.stringify(one)),
  );
}

/** The whole body; `undefined` when it is too large. Rejects when the client breaks off. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += part.length;
    if (bytes <= BODY_BYTES) parts.push(part);
  }
  return bytes <= BODY_BYTES ? Buffer.concat(parts) : undefined;
}

function parsed(body: Buffer): unknown {
  try {
    return body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': '00000000-0000-4000-8000-000000000000',
  });
  response.end(text);
}
