import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import {
  createServer as createHttpServer,
  request as forward,
  type IncomingHttpHeaders,
  type Server,
} from 'node:http';
import { createSecureServer as createHttp2Server } from 'node:http2';
import {
  type AddressInfo,
  connect,
  createServer as createSocketServer,
  type Socket,
} from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

const folder = mkdtempSync(join(tmpdir(), 'fraudstream-ca-'));
const closing: (() => void)[] = [];
after(() => {
  for (const close of closing) close();
  rmSync(folder, { recursive: true });
});

/** A certificate authority that nobody knows, and a certificate of it for hosts in `.test`. */
export interface PrivateAuthority {
  /** The file of the authority's certificate. */
  readonly bundle: string;
  readonly key: Buffer;
  readonly cert: Buffer;
}

export function privateAuthority(): PrivateAuthority {
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: readonly string[]): Buffer =>
    execFileSync('openssl', args, { stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
    '-subj',
    '/CN=ours',
  );
  openssl('req', ...key, '-keyout', at('key'), '-out', at('csr'), '-subj', '/CN=aws.test');
  writeFileSync(
    at('names'),
    'subjectAltName=DNS:kinesis.test,DNS:scoring.test,DNS:localhost,IP:127.0.0.1\n',
  );
  const signer = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial'];
  openssl('x509', '-req', '-in', at('csr'), ...signer, '-out', at('cert'), '-extfile', at('names'));
  return { bundle: at('ca.pem'), key: readFileSync(at('key')), cert: readFileSync(at('cert')) };
}

async function listening(server: { listen(port: number, host: string): unknown }): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server as Server, 'listening');
  return ((server as Server).address() as AddressInfo).port;
}

/** Headers of a connection of HTTP/1.1, which HTTP/2 does not have; and its own, which HTTP/1.1 does not have. */
const OF_CONNECTION = /^(:.*|connection|keep-alive|transfer-encoding)$/;

function onward(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_CONNECTION.test(name)));
}

/** TLS in front of a plain service, which answers to its own name, for HTTP/1.1 and HTTP/2; its port. */
export async function tlsFront(upstream: string, authority: PrivateAuthority): Promise<number> {
  const { host, hostname, port } = new URL(upstream);
  const server = createHttp2Server({ ...authority, allowHTTP1: true }, (request, response) => {
    const { method, url: path } = request;
    const headers = { ...onward(request.headers), host };
    const outgoing = forward({ host: hostname, port, path, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, onward(answer.headers));
      answer.pipe(response.stream ?? response);
    });
    outgoing.on('error', () => response.destroy());
    request.pipe(outgoing);
  });
  const sockets = new Set<Socket>();
  server.on('secureConnection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.on('sessionError', () => undefined);
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return listening(server);
}

/** A fatal alert, handshake_failure. Source: RFC 8446, section 6. */
const ALERT = Buffer.from([21, 3, 3, 0, 2, 2, 40]);

/** TCP in front of a TLS port; the handshake of its first connections ends by an alert. */
export async function alertingFront(port: number, alerts: number): Promise<number> {
  let count = 0;
  const server = createSocketServer((socket) => {
    count += 1;
    socket.on('error', () => undefined);
    if (count <= alerts) {
      socket.once('data', () => socket.end(ALERT));
      return;
    }
    const out = connect(port, '127.0.0.1');
    out.on('error', () => socket.destroy());
    socket.on('error', () => out.destroy());
    socket.pipe(out).pipe(socket);
  });
  closing.push(() => server.close());
  return listening(server);
}

/** A proxy under way: which hosts were asked for, by CONNECT or by whole addresses. */
export interface ForwardProxy {
  readonly host: string;
  readonly tunnels: string[];
  readonly forwarded: string[];
}

/** A proxy of a company: every name in `.test` is at a port of this machine; with `user`, it asks who is there. */
export async function forwardProxy(
  ports: Readonly<Record<string, number>>,
  user?: string,
): Promise<ForwardProxy> {
  const tunnels: string[] = [];
  const forwarded: string[] = [];
  const expected = user && `Basic ${Buffer.from(user).toString('base64')}`;
  const server = createHttpServer((request, response) => {
    const { hostname, pathname, search } = new URL(request.url ?? '', 'http://none');
    forwarded.push(hostname);
    if (expected && request.headers['proxy-authorization'] !== expected) {
      return void response.writeHead(407).end();
    }
    const target = { host: '127.0.0.1', port: ports[hostname], path: pathname + search };
    // The service behind answers to its own name.
    const headers = { ...request.headers, host: `127.0.0.1:${ports[hostname]}` };
    const outgoing = forward({ ...target, method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    request.pipe(outgoing);
  });
  const sockets = new Set<Socket>();
  server.on('connect', (request, socket: Socket) => {
    const host = String(request.url).replace(/:\d+$/, '');
    tunnels.push(host);
    if (expected && request.headers['proxy-authorization'] !== expected) {
      return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    }
    const out = connect(ports[host] ?? 1, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(out).pipe(socket);
    });
    sockets.add(socket);
    socket.on('error', () => out.destroy());
    out.on('error', () => socket.destroy());
  });
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  return { host: `127.0.0.1:${await listening(server)}`, tunnels, forwarded };
}
