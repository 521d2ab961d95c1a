import type { ServerResponse } from 'node:http';
import { type HttpRequest, LoopbackServer } from '../http/loopback-server.ts';
import { livePage } from './html/live-page.ts';

/** Content of the live view, rendered for each request. */
export interface LiveViews {
  /** One line: the figures of this moment. */
  line(): string;
  /** The report so far, as JSON text. */
  json(): string;
  /** The report so far, as a page of its own. */
  html(): string;
}

/** Server of a report during the run. */
export interface LiveServer {
  readonly url: string;
  /** Says the verdict to all who listen, and ends when they have fetched the report, or after a second. */
  close(verdict: string): Promise<void>;
}

const EVERY_MS = 1_000;
/** How long pages may take to fetch the report at the end. */
const LAST_MS = 1_000;

/**
 * Serves a run on the loopback interface: `/` a page that follows it, `/report.html`, `/report.json`, and
 * `/events`, a line a second.
 *
 * Requests that name another host, or come from a page of another site, are refused by the server.
 * Errors: `usage` when the port is taken.
 */
export async function openLive(port: number, views: LiveViews): Promise<LiveServer> {
  const listeners = new Set<ServerResponse>();
  let isOver = false;
  let lastFetched = (): void => undefined;
  const server = new LoopbackServer({
    bodyBytes: 0,
    handle: (request, response) => {
      answer(request, response, views, listeners);
      if (isOver && request.path === '/report.html') response.on('close', lastFetched);
    },
  });
  const sendProgress = (): void => {
    if (listeners.size === 0) return;
    const event = eventOf(views.line());
    // A slow client misses lines instead of filling the memory.
    for (const listener of listeners) if (!listener.writableNeedDrain) listener.write(event);
  };
  const ticker = setInterval(sendProgress, EVERY_MS);
  ticker.unref();
  const taken = await server.listen(port, `--live ${port}: the port`);
  return {
    url: `http://127.0.0.1:${taken}/`,
    close: async (verdict) => {
      clearInterval(ticker);
      isOver = true;
      if (listeners.size > 0) {
        const fetched = new Promise<void>((resolve) => {
          let left = listeners.size;
          lastFetched = () => {
            left -= 1;
            if (left === 0) resolve();
          };
          setTimeout(resolve, LAST_MS).unref();
        });
        for (const listener of listeners) {
          listener.end(`event: end\ndata: ${verdict.replace(/\s+/g, ' ')}\n\n`);
        }
        await fetched;
      }
      return server.close();
    },
  };
}

const forms = {
  html: 'text/html; charset=utf-8',
  json: 'application/json',
  events: 'text/event-stream',
  text: 'text/plain; charset=utf-8',
} as const;

function answer(
  { method, path }: HttpRequest,
  response: ServerResponse,
  views: LiveViews,
  listeners: Set<ServerResponse>,
): void {
  const send = (status: number, form: keyof typeof forms, body: string): void => {
    const type = { 'content-type': forms[form], 'cache-control': 'no-store' };
    response.writeHead(status, { ...type, connection: 'close' }).end(body);
  };
  if (method !== 'GET' && method !== 'HEAD') {
    send(405, 'text', 'This report is only read: GET or HEAD.\n');
    return;
  }
  const pages: Readonly<Record<string, () => void>> = {
    '/': () => send(200, 'html', livePage),
    '/report.json': () => send(200, 'json', views.json()),
    '/report.html': () => send(200, 'html', views.html()),
    '/events': () => {
      response.writeHead(200, { 'content-type': forms.events, 'cache-control': 'no-store' });
      response.write(eventOf(views.line()));
      listeners.add(response);
      response.on('close', () => listeners.delete(response));
    },
  };
  const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
  if (page) page();
  else send(404, 'text', 'There is /, /report.html, /report.json and /events.\n');
}

const eventOf = (line: string): string => `data: ${line}\n\n`;
