import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { after, timeoutError } from './bounds.ts';
import { proxyName } from './outside-network.ts';

/** Opens a connection. Errors: those of the socket and of TLS; `TimeoutError`. */
export type Connect = () => Promise<Socket>;

/** What leads to an origin: connections, and what the head of every request needs on the way. */
export interface Route {
  readonly connect: Connect;
  /** Before the path in the first line: a proxy that is no tunnel wants the whole URL. */
  readonly pathPrefix: string;
  /** For the proxy. */
  readonly headers: Readonly<Record<string, string>>;
}

/** `ca`: the certificates that are trusted in place of Node's. `proxy`: may carry user and password. */
export interface RouteSettings {
  readonly connectTimeoutMs: number;
  readonly ca: string | undefined;
  readonly proxy: URL | undefined;
}

interface Address {
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
}

/** The way to the origin of a URL: by TLS for `https:`, through the proxy if there is one. */
export function routeTo(origin: string, { connectTimeoutMs, ca, proxy }: RouteSettings): Route {
  const target = addressOf(new URL(origin));
  const within = (open: (stop: AbortSignal) => Promise<Socket>): Connect => {
    return () => opened(open, `${target.host}:${target.port}`, connectTimeoutMs);
  };
  if (!proxy) {
    return { connect: within((stop) => connected(target, ca, stop)), pathPrefix: '', headers: {} };
  }
  const headers = authorizationFor(proxy);
  if (target.isSecure) {
    const open = async (stop: AbortSignal): Promise<Socket> => {
      const socket = await tunnel(proxy, target, headers, ca, stop);
      return ready(connectTls({ ...tlsOptions(target, ca), socket }), 'secureConnect', stop);
    };
    return { connect: within(open), pathPrefix: '', headers: {} };
  }
  // Proxies rarely let CONNECT pass to a port without TLS.
  const open = (stop: AbortSignal): Promise<Socket> => connected(addressOf(proxy), ca, stop);
  return { connect: within(open), pathPrefix: origin, headers };
}

function addressOf({ protocol, hostname, port }: URL): Address {
  const isSecure = protocol === 'https:';
  // The brackets of an IPv6 address belong to the URL.
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return { host, port: Number(port || (isSecure ? 443 : 80)), isSecure };
}

function authorizationFor({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '' && password === '') return {};
  const user = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return { 'proxy-authorization': `Basic ${user.toString('base64')}` };
}

function tlsOptions(
  { host }: Address,
  ca: string | undefined,
): { ALPNProtocols: string[]; servername?: string; ca?: string; host: string } {
  return {
    host,
    ALPNProtocols: ['http/1.1'],
    ...(!isIP(host) && { servername: host }),
    ...(ca !== undefined && { ca }),
  };
}

function connected(address: Address, ca: string | undefined, stop: AbortSignal): Promise<Socket> {
  const { host, port, isSecure } = address;
  const socket = isSecure
    ? connectTls({ port, ...tlsOptions(address, ca) }).setNoDelay(true)
    : connectPlain({ host, port, noDelay: true });
  return ready(socket, isSecure ? 'secureConnect' : 'connect', stop);
}

/** A connection through a proxy. Errors: what the proxy answered, if it was not 200. */
function tunnel(
  proxy: URL,
  target: Address,
  headers: Readonly<Record<string, string>>,
  ca: string | undefined,
  stop: AbortSignal,
): Promise<Socket> {
  const { host, port, isSecure } = addressOf(proxy);
  const name = isIP(target.host) === 6 ? `[${target.host}]` : target.host;
  const authority = `${name}:${target.port}`;
  const options = {
    ...{ method: 'CONNECT', host, port, path: authority, agent: false as const, signal: stop },
    headers: { host: authority, ...headers },
    ...(ca !== undefined && { ca }),
  };
  return new Promise((resolve, reject) => {
    const call = isSecure ? requestTls(options) : request(options);
    call.once('error', reject);
    call.once('connect', ({ statusCode, statusMessage }, socket: Socket) => {
      if (statusCode === 200) return resolve(socket.setNoDelay(true));
      socket.destroy();
      const answer = `${statusCode} ${statusMessage ?? ''}`.trim();
      reject(new Error(`${proxyName(proxy)} answered CONNECT ${authority} with ${answer}`));
    });
    call.end();
  });
}

/** The socket once it has emitted the event; destroyed on abort. */
function ready(socket: Socket, event: string, stop: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      socket.destroy(stop.reason);
    };
    const fail = (error?: unknown): void => {
      stop.removeEventListener('abort', abort);
      reject(error instanceof Error ? error : new Error('the connection was closed at its start'));
    };
    stop.addEventListener('abort', abort);
    socket.once('error', fail);
    socket.once('close', fail);
    socket.once(event, () => {
      stop.removeEventListener('abort', abort);
      socket.off('error', fail);
      socket.off('close', fail);
      resolve(socket);
    });
  });
}

async function opened(
  open: (stop: AbortSignal) => Promise<Socket>,
  name: string,
  timeoutMs: number,
): Promise<Socket> {
  const stop = new AbortController();
  const late = timeoutError(`no connection to ${name} could be established in ${timeoutMs} ms`);
  const cancel = after(timeoutMs, () => stop.abort(late));
  try {
    return await open(stop.signal);
  } catch (error) {
    throw stop.signal.aborted ? late : error;
  } finally {
    cancel();
  }
}
