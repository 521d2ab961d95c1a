import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { after, timeoutError } from './bounds.ts';
import { basicAuthorization, namingProxy, proxyName } from './outside-network.ts';

/** Opens a connection. Errors: those of the socket and of TLS; `TimeoutError`. */
export type Connect = () => Promise<Socket>;

/** By way of what a connection is made. */
export interface ConnectionRoute {
  /** Instead of the certificates of Node. */
  readonly ca?: string | undefined;
  /** For `https:` a tunnel is asked of it (CONNECT); for `http:` it is what is connected to. */
  readonly proxy?: URL | undefined;
  /** What is spoken over TLS. */
  readonly protocol?: 'http/1.1' | 'h2';
}

/** Connects to the origin of a URL, by TLS for `https:`, within `timeoutMs`. */
export function connectTo(origin: string, timeoutMs: number, route: ConnectionRoute = {}): Connect {
  const { protocol, hostname, port } = new URL(origin);
  // The brackets of an IPv6 address belong to the URL.
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const isSecure = protocol === 'https:';
  const to = { host, port: Number(port || (isSecure ? 443 : 80)), noDelay: true };
  const { proxy, ca, protocol: spoken = 'http/1.1' } = route;
  const tls = tlsOptions(host, ca, spoken);
  if (proxy) return () => throughProxy(proxy, isSecure ? { ...to, tls } : undefined, timeoutMs, ca);
  return () => {
    const socket = isSecure ? connectTls({ ...to, ...tls }).setNoDelay(true) : connectPlain(to);
    return opened(socket, isSecure ? 'secureConnect' : 'connect', timeoutMs);
  };
}

function tlsOptions(host: string, ca: string | undefined, protocol: string): object {
  const servername = isIP(host) ? {} : { servername: host };
  return { ...servername, ...(ca !== undefined && { ca }), ALPNProtocols: [protocol] };
}

/** Connects to a proxy, and with `to` through its tunnel to there by TLS. */
async function throughProxy(
  proxy: URL,
  to: { readonly host: string; readonly port: number; readonly tls: object } | undefined,
  timeoutMs: number,
  ca: string | undefined,
): Promise<Socket> {
  try {
    if (!to) return await connectTo(proxy.origin, timeoutMs, { ca })();
    const socket = await tunnel(proxy, to, timeoutMs, ca);
    return await opened(
      connectTls({ socket: socket.setNoDelay(true), ...to.tls }),
      'secureConnect',
      timeoutMs,
    );
  } catch (error) {
    throw namingProxy(error, proxy);
  }
}

/** Source: RFC 9110, section 9.3.6. */
function tunnel(
  proxy: URL,
  { host, port }: { readonly host: string; readonly port: number },
  timeoutMs: number,
  ca: string | undefined,
): Promise<Socket> {
  const authority = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const authorization = basicAuthorization(proxy);
  const request = (proxy.protocol === 'https:' ? requestTls : requestPlain)(proxy.origin, {
    method: 'CONNECT',
    path: authority,
    headers: {
      host: authority,
      ...(authorization !== undefined && { 'proxy-authorization': authorization }),
    },
    agent: false,
    ...(ca !== undefined && { ca }),
  });
  return new Promise((resolve, reject) => {
    const late = `the ${proxyName(proxy)} could not establish a connection in ${timeoutMs} ms`;
    const cancel = after(timeoutMs, () => request.destroy(timeoutError(late)));
    request.once('connect', ({ statusCode }, socket: Socket) => {
      cancel();
      if (statusCode === 200) resolve(socket);
      else {
        socket.destroy();
        reject(new Error(`HTTP ${statusCode}: the ${proxyName(proxy)} refused the connection`));
      }
    });
    request.once('error', (error) => {
      cancel();
      reject(error);
    });
    request.end();
  });
}

function opened(socket: Socket, event: string, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const late = `no connection to ${socket.remoteAddress ?? 'the host'} could be established in ${timeoutMs} ms`;
    const cancel = after(timeoutMs, () => socket.destroy(timeoutError(late)));
    const fail = (error?: Error): void => {
      cancel();
      reject(error ?? new Error('the connection was closed while it was established'));
    };
    socket.once('error', fail);
    socket.once('close', fail);
    socket.once(event, () => {
      cancel();
      socket.off('error', fail);
      socket.off('close', fail);
      resolve(socket);
    });
  });
}
