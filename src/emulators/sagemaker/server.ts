import type { ServerResponse } from 'node:http';
import { type HttpRequest, LoopbackServer, resetConnection } from '../../http/loopback-server.ts';
import type { TlsIdentity } from '../../http/tls-identity.ts';
import type { Clock } from '../../stream/clock.ts';
import type { ApiAdapter, ApiAnswer } from './api/api-adapter.ts';
import type { EndpointService, Served } from './service.ts';

/** Bytes of a body that are kept; of a larger one the container only needs to know that it is. */
const BODY_BYTES = 10 * 1_048_576;

/** The API that answers at a path; undefined where none does. */
export type ApiAdapters = (method: string, path: string) => ApiAdapter | undefined;
/** Answers what is not to be scored. */
export type AdminRoutes = (
  method: string,
  path: string,
  body: Buffer,
  response: ServerResponse,
) => void;

/** A server on the loopback interface for the endpoint. */
export function endpointServer(
  service: EndpointService,
  clock: Clock,
  adapters: ApiAdapters,
  adminRoutes: AdminRoutes,
  tls?: TlsIdentity,
): LoopbackServer {
  const serve = (request: HttpRequest, response: ServerResponse): void => {
    const { method, path, body } = request;
    const adapter = adapters(method, path);
    if (!adapter) {
      adminRoutes(method, path, body ?? Buffer.alloc(0), response);
      return;
    }
    const served = service.serve(adapter, request);
    if (served.delayMs === 0) end(served, response, service);
    else if (served.delayMs === Number.POSITIVE_INFINITY) {
      response.once('close', () => service.tally.ended('gone'));
    } else {
      void clock.sleep(served.delayMs).then(() => end(served, response, service));
    }
  };
  return new LoopbackServer({
    bodyBytes: BODY_BYTES,
    tls,
    handle: serve,
    resets: (path) => service.injector.isDead(clock.now()) && !path?.startsWith('/_fraudstream/'),
  });
}

function end(served: Served, response: ServerResponse, { tally }: EndpointService): void {
  const { answer, end: ending, rows, error } = served;
  if (response.destroyed) tally.ended('gone');
  else if (ending === 'reset') {
    tally.ended('reset');
    resetConnection(response);
  } else if (ending === 'truncate') {
    tally.ended('truncated');
    writeHead(answer, response);
    response.write(answer.body.slice(0, answer.body.length / 2), () => response.destroy());
  } else {
    tally.ended(String(answer.status), rows, error);
    writeHead(answer, response);
    response.end(answer.body);
  }
}

function writeHead({ status, headers, body }: ApiAnswer, response: ServerResponse): void {
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, [...headers, 'Content-Length', length]);
}
