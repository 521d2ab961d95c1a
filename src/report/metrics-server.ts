import type { ServerResponse } from 'node:http';
import type { HttpRequest } from '../http/loopback-server.ts';
import { LoopbackServer } from '../http/loopback-server.ts';

/** Server of the figures of a run as Prometheus scrapes them. */
export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Content type of the Prometheus text format 0.0.4. */
const TEXT_FORMAT = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Serves `/metrics` on the loopback interface, rendered for each scrape.
 *
 * Errors: `usage` when the port is taken.
 */
export async function openMetrics(port: number, render: () => string): Promise<MetricsServer> {
  const handle = ({ method, path }: HttpRequest, response: ServerResponse): void => {
    const send = (status: number, type: string, body: string): void => {
      const headers = { 'content-type': type, 'cache-control': 'no-store', connection: 'close' };
      response.writeHead(status, headers).end(body);
    };
    if (method !== 'GET' && method !== 'HEAD')
      send(405, 'text/plain', 'Metrics are only read: GET or HEAD.\n');
    else if (path === '/metrics') send(200, TEXT_FORMAT, render());
    else send(404, 'text/plain', 'There is /metrics.\n');
  };
  const server = new LoopbackServer({ bodyBytes: 0, handle });
  const taken = await server.listen(port, `--metrics ${port}: the port`);
  return { url: `http://127.0.0.1:${taken}/metrics`, close: () => server.close() };
}
