import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FraudstreamError } from '../../fraudstream-error.ts';
import type { Clock } from '../../stream/clock.ts';
import type { Face, FaceAnswer } from './faces/face.ts';
import type { EndpointService, Served } from './service.ts';

/** Bytes of a body that are kept; of a larger one the container only needs to know that it is. */
const BODY_BYTES = 10 * 1_048_576;

/** The face that stands at an address; nothing where none does. */
export type Faces = (method: string, path: string) => Face | undefined;
/** Answers what is not to be scored. */
export type OwnDoor = (
  method: string,
  path: string,
  body: Buffer,
  response: ServerResponse,
) => void;

/** The endpoint on a port of the loopback interface. */
export class EndpointServer {
  readonly #service: EndpointService;
  readonly #clock: Clock;
  readonly #faces: Faces;
  readonly #ownDoor: OwnDoor;
  readonly #server: Server;

  constructor(service: EndpointService, clock: Clock, faces: Faces, ownDoor: OwnDoor) {
    this.#service = service;
    this.#clock = clock;
    this.#faces = faces;
    this.#ownDoor = ownDoor;
    this.#server = createServer((request, response) => this.#take(request, response));
    this.#server.on('connection', (socket) => {
      if (this.#isDead()) socket.resetAndDestroy();
    });
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

  #isDead(): boolean {
    return this.#service.troubles.isDead(this.#clock.now());
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    if (this.#isDead() && !request.url?.startsWith('/_fraudstream/')) {
      request.socket.resetAndDestroy();
      return;
    }
    const parts: Buffer[] = [];
    let bytes = 0;
    request.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes <= BODY_BYTES) parts.push(part);
    });
    request.on('end', () => {
      const [first] = parts;
      const body = parts.length === 1 && first ? first : Buffer.concat(parts);
      this.#serve(request, bytes > BODY_BYTES ? undefined : body, response);
    });
    // Who goes away in the middle needs no answer.
    request.on('error', () => request.socket.destroy());
  }

  #serve(request: IncomingMessage, body: Buffer | undefined, response: ServerResponse): void {
    const { method = 'GET', url = '/', headers } = request;
    const mark = url.indexOf('?');
    const path = mark < 0 ? url : url.slice(0, mark);
    const query = mark < 0 ? '' : url.slice(mark + 1);
    const face = this.#faces(method, path);
    if (!face) {
      this.#ownDoor(method, path, body ?? Buffer.alloc(0), response);
      return;
    }
    const served = this.#service.serve(face, { method, path, query, headers, body });
    if (served.delayMs === 0) this.#end(served, response);
    else if (served.delayMs === Number.POSITIVE_INFINITY) {
      response.once('close', () => this.#service.tally.ended('gone'));
    } else {
      void this.#clock.sleep(served.delayMs).then(() => this.#end(served, response));
    }
  }

  #end(served: Served, response: ServerResponse): void {
    const { tally } = this.#service;
    const { answer, end, rows, error } = served;
    if (response.destroyed) tally.ended('gone');
    else if (end === 'reset') {
      tally.ended('reset');
      response.socket?.resetAndDestroy();
    } else if (end === 'truncate') {
      tally.ended('truncated');
      writeHead(answer, response);
      response.write(answer.body.slice(0, answer.body.length / 2), () => response.destroy());
    } else {
      tally.ended(String(answer.status), rows, error);
      writeHead(answer, response);
      response.end(answer.body);
    }
  }
}

function writeHead({ status, headers, body }: FaceAnswer, response: ServerResponse): void {
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, [...headers, 'Content-Length', length]);
}
