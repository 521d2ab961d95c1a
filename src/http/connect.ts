import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { after, timeoutError } from './bounds.ts';

/** Opens a connection. Errors: those of the socket and of TLS; `TimeoutError`. */
export type Connect = () => Promise<Socket>;

/** Connects to the origin of a URL, by TLS for `https:`, within `timeoutMs`. */
export function connectTo(origin: string, timeoutMs: number): Connect {
  const { protocol, hostname, port } = new URL(origin);
  // The brackets of an IPv6 address belong to the URL.
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const isSecure = protocol === 'https:';
  const to = { host, port: Number(port || (isSecure ? 443 : 80)), noDelay: true };
  return () => {
    const servername = isIP(host) ? {} : { servername: host };
    const socket = isSecure
      ? connectTls({ ...to, ...servername, ALPNProtocols: ['http/1.1'] })
      : connectPlain(to);
    return opened(socket, isSecure ? 'secureConnect' : 'connect', timeoutMs);
  };
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
