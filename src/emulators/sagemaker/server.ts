import type { ServerResponse } from 'node:http';
import type { Clock } from '../../stream/clock.ts';
import { type HttpRequest, LoopbackServer } from '../loopback-server.ts';
import type { ApiAdapter, ApiAnswer } from './api/api-adapter.ts';
import type { EndpointService, Served } from './service.ts';

/** Bytes of a body that are kept; of a larger one the container only needs to know that it is. */
const BODY_BYTES = 10 * 1_048_576;

/** The face that stands at an address; nothing where none does. */
export type ApiAdapters = (method: string, path: string) => ApiAdapter | undefined;
/** Answers what is not to be scored. */
export type AdminRoutes = (
  method: string,
  path: string,
  body: Buffer,
  response: ServerResponse,
) => void;

/** The endpoint on a port of the loopback interface. */
export class EndpointServer {
  readonly #service: EndpointService;
  readonly #clock: Clock;
  readonly #adapters: ApiAdapters;
  readonly #ownDoor: AdminRoutes;
  readonly #server: LoopbackServer;

  constructor(
    service: EndpointService,
    clock: Clock,
    adapters: ApiAdapters,
    adminRoutes: AdminRoutes,
  ) {
    this.#service = service;
    this.#clock = clock;
    this.#adapters = adapters;
    this.#ownDoor = adminRoutes;
    this.#server = new LoopbackServer({
      bodyBytes: BODY_BYTES,
      handle: (request, response) => this.#serve(request, response),
      resets: (path) => service.troubles.isDead(clock.now()) && !path?.startsWith('/_fraudstream/'),
    });
  }

  /** Listens; resolves with the port. Errors: `usage` when the port is taken. */
  listen(port: number): Promise<number> {
    return this.#server.listen(port);
  }

  #serve(request: HttpRequest, response: ServerResponse): void {
    const { method, path, body } = request;
    const adapter = this.#adapters(method, path);
    if (!adapter) {
      this.#ownDoor(method, path, body ?? Buffer.alloc(0), response);
      return;
    }
    const served = this.#service.serve(adapter, request);
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

function writeHead({ status, headers, body }: ApiAnswer, response: ServerResponse): void {
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, [...headers, 'Content-Length', length]);
}
