import { once } from 'node:events';
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * What goes wrong with one call, at the network.
 *
 * - `stop`: the answer less its last ten bytes, then silence on an open connection
 * - `endless`: the answer, and blanks behind it for ever
 * - `truncated`: half of the answer, then the end of the connection
 * - `garbage`: bytes that are no HTTP
 * - `html`: 200 with a page, as a proxy answers
 * - `empty`: 200 with `{}`
 * - `reset-before`: the connection is reset, the service never sees the request
 * - `reset-after`: the service answers, the connection is reset instead
 * - `half-open`: the request is taken, nothing ever comes back; the service never sees it
 * - `half-open-after`: the service answers, nothing ever comes back
 * - `slow-close`: the whole answer without a length, and the end of the connection 300 ms later
 * - `bandwidth`: the answer in 20 pieces, 10 ms apart
 * - `latency`: the answer 300 ms late
 * - `alter`: another body in place of the answer's
 */
export type Fault =
  | (typeof faults)[number]
  | (typeof delays)[number]
  | 'half-open-after'
  | { readonly alter: (body: string) => string };
export const faults = [
  'stop',
  'endless',
  'truncated',
  'garbage',
  'html',
  'empty',
  'reset-before',
  'reset-after',
  'half-open',
] as const;

/** Faults that a client only waits out: no call fails by them. */
export const delays = ['slow-close', 'bandwidth', 'latency'] as const;

/** Which calls of an operation fail, counted from 1, and how. */
export interface Cut {
  readonly operation: string;
  readonly calls: readonly number[] | ((call: number) => boolean);
  readonly fault: Fault;
}

/** A proxy under way. `calls` counts those of an operation so far, faulted ones included. */
export interface FaultProxy {
  readonly url: string;
  calls(operation: string): number;
  /** Resolves when so many calls of the operation have come. */
  reached(operation: string, calls: number): Promise<void>;
  /** Connections that are open now. */
  connections(): Promise<number>;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

const servers: Server[] = [];
after(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

/** What the service behind the proxy thinks of the caller. */
export interface Judgement {
  /** The session token that is not taken any more. */
  readonly expiredToken?: string;
  /** How far the service's clock is ahead of this machine's. */
  readonly clockOffsetMs?: number;
}

/** Every call. */
export const always = (): boolean => true;

/** A proxy in front of a service of AWS, or of one of ours, that cuts the calls it is asked to. */
export async function faultProxy(
  upstream: string,
  cuts: readonly Cut[],
  judgement: Judgement = {},
): Promise<FaultProxy> {
  const counts = new Map<string, number>();
  const listeners = new Set<() => void>();
  const server = createServer(async (request, response) => {
    response.on('error', () => undefined);
    const body = await bodyOf(request);
    const operation = operationOf(request, body);
    const call = (counts.get(operation) ?? 0) + 1;
    counts.set(operation, call);
    for (const listener of listeners) listener();
    const cut = cuts.find((one) => one.operation === operation && isMeant(one, call));
    const now = new Date(Date.now() + (judgement.clockOffsetMs ?? 0));
    response.setHeader('date', now.toUTCString());
    const refused = refusal(request, now, judgement);
    if (refused) return void response.writeHead(400, refused.headers).end(refused.body);
    await answer(upstream, request, body, response, cut?.fault).catch(() => response.destroy());
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const calls = (operation: string): number => counts.get(operation) ?? 0;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    reached: (operation, wanted) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (calls(operation) < wanted) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
      }),
    connections: () =>
      new Promise((resolve) => server.getConnections((_error, count) => resolve(count))),
  };
}

const SIGNATURE_MINUTES = 5;

/** As AWS words it; `undefined` for a request that it takes. */
export function refusal(
  { headers }: Pick<IncomingMessage, 'headers'>,
  now: Date,
  { expiredToken, clockOffsetMs }: Judgement,
): { readonly headers: Record<string, string>; readonly body: string } | undefined {
  const answer = (type: string, message: string) => ({
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': type },
    body: JSON.stringify({ __type: type, message }),
  });
  if (expiredToken !== undefined && headers['x-amz-security-token'] === expiredToken) {
    return answer('ExpiredTokenException', 'The security token included in the request is expired');
  }
  if (clockOffsetMs === undefined) return undefined;
  const written = String(headers['x-amz-date']);
  const signedAt = Date.parse(
    written.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  );
  if (Math.abs(now.getTime() - signedAt) < SIGNATURE_MINUTES * 60_000) return undefined;
  const message = `Signature expired: ${written} is now earlier than ${now.toISOString()}`;
  return answer('InvalidSignatureException', message);
}

function isMeant({ calls }: Cut, call: number): boolean {
  return typeof calls === 'function' ? calls(call) : calls.includes(call);
}

async function answer(
  upstream: string,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  fault: Fault | undefined,
): Promise<void> {
  const socket = response.socket;
  if (fault === 'half-open') return;
  if (fault === 'reset-before') return void socket?.resetAndDestroy();
  if (fault === 'garbage') return void socket?.end(Buffer.from('\u0000\u00ffnot HTTP\r\n\r\n'));
  if (fault === 'html') {
    response.setHeader('content-type', 'text/html');
    return void response.end('<!doctype html><title>Welcome</title><p>Please log in.');
  }
  if (fault === 'empty') return void response.end('{}');
  const answered = await forwarded(upstream, request, body);
  if (fault === 'reset-after') return void socket?.resetAndDestroy();
  if (fault === 'half-open-after') return;
  await written(response, answered, fault);
}

async function written(
  response: ServerResponse,
  { status, headers, body }: Answer,
  fault: Fault | undefined,
): Promise<void> {
  const {
    'content-length': _length,
    'transfer-encoding': _coding,
    date: _date,
    ...others
  } = headers;
  const sized = { ...others, 'content-length': String(body.length) };
  if (fault === undefined) return void response.writeHead(status, sized).end(body);
  if (typeof fault === 'object') {
    return void response.writeHead(status, others).end(fault.alter(body.toString('utf8')));
  }
  if (fault === 'latency') {
    await wait(300);
    return void response.writeHead(status, sized).end(body);
  }
  if (fault === 'slow-close') {
    response.writeHead(status, { ...others, connection: 'close' }).write(body);
    await wait(300);
    return void response.end();
  }
  if (fault === 'bandwidth') {
    response.writeHead(status, sized);
    const piece = Math.max(1, Math.ceil(body.length / 20));
    for (let from = 0; from < body.length; from += piece) {
      response.write(body.subarray(from, from + piece));
      await wait(10);
    }
    return void response.end();
  }
  if (fault === 'stop') {
    response.writeHead(status, sized).write(body.subarray(0, Math.max(0, body.length - 10)));
  } else if (fault === 'truncated') {
    const half = body.subarray(0, Math.floor(body.length / 2));
    response.writeHead(status, sized).write(half, () => response.socket?.end());
  } else if (fault === 'endless') {
    response.writeHead(status, others).write(body);
    await blanks(response);
  }
}

/** Blanks for as long as somebody takes them. */
async function blanks(response: ServerResponse): Promise<void> {
  const chunk = Buffer.alloc(262_144, ' ');
  const closed = once(response, 'close');
  while (!response.destroyed) {
    if (!response.write(chunk)) await Promise.race([once(response, 'drain'), closed]);
    await new Promise(setImmediate);
  }
}

function forwarded(upstream: string, request: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method, url = '/', headers } = request;
    const outgoing = forward(new URL(url, upstream), { method, headers }, async (incoming) => {
      const { statusCode: status = 0, headers } = incoming;
      resolve({ status, headers, body: await bodyOf(incoming) });
    });
    outgoing.on('error', reject).end(body);
  });
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The name of an operation: by header (Kinesis, Flink), by form (CloudFormation), else by path. */
function operationOf({ headers, method, url = '' }: IncomingMessage, body: Buffer): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.slice(target.indexOf('.') + 1);
  const action = /(?:^|&)Action=(\w+)/.exec(body.toString('latin1', 0, 1_000))?.[1];
  if (action) return action;
  if (/\/invocations$/.test(url)) return 'InvokeEndpoint';
  return method === 'GET' ? 'GetObject' : 'Post';
}
