import { once } from 'node:events';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect as connectHttp2,
  createServer as createHttp2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { after } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { eventMessage } from '../../dist/http/event-stream.js';
import { type Judgement, refusal } from './fault-proxy.ts';

/**
 * What goes wrong with a subscription, after its first event; what concerns the whole of it is below.
 *
 * - `reset`: half of an event, then the stream is reset
 * - `cut`: half of an event, then the connection is gone
 * - `truncated`: half of an event, then the end of the stream
 * - `garbage`: bytes that are no event
 * - `bad-crc`: an event with one byte changed
 * - `stall`: half of an event, then silence
 * - `endless`: an event that says it has 20 MB, and zeros for ever
 * - `exception`: InternalFailureException
 * - `unknown`: an exception that nobody knows
 * - `html`: 200 with a page instead of any event
 * - `empty`: an event without fields
 */
export type SubscriptionFault = (typeof subscriptionFaults)[number];
/**
 * What goes wrong with the whole of a subscription.
 *
 * - `reset-before`: the stream is reset, Kinesis never sees the request
 * - `half-open`: the request is taken, nothing ever comes back; Kinesis never sees it
 * - `half-open-after`: Kinesis answers, nothing ever comes back
 * - `slow-close`: the end comes 300 ms late
 * - `bandwidth`: what comes is in pieces of 50 bytes, 1 ms apart
 * - `latency`: everything comes 300 ms late
 */
export type WholeFault =
  | 'reset-before'
  | 'half-open'
  | 'half-open-after'
  | 'slow-close'
  | 'bandwidth'
  | 'latency';
export const subscriptionFaults = [
  'reset',
  'cut',
  'truncated',
  'garbage',
  'bad-crc',
  'stall',
  'endless',
  'exception',
  'unknown',
  'html',
  'empty',
] as const;

const relays: { close(): void }[] = [];
after(() => {
  for (const relay of relays) relay.close();
});

/**
 * A relay in front of a Kinesis, which faults the subscriptions that it is asked to, counted from 1.
 *
 * What is not HTTP/2 goes to `plain`, by default to the Kinesis as well.
 */
export async function subscriptionRelay(
  upstream: string,
  faultOf: (subscription: number) => SubscriptionFault | WholeFault | undefined,
  { plain = upstream, judgement = {} }: { plain?: string; judgement?: Judgement } = {},
): Promise<{ readonly url: string; readonly subscriptions: () => number }> {
  let subscriptions = 0;
  const sockets = new Set<Socket>();
  const sessions = new Set<ClientHttp2Session>();
  const http2 = createHttp2Server();
  http2.on('sessionError', () => undefined);
  http2.on('stream', (stream, headers) => {
    subscriptions += 1;
    stream.on('error', () => undefined);
    const fault = faultOf(subscriptions);
    if (isRefused(stream, headers, judgement) || fault === 'half-open') return;
    if (fault === 'reset-before') return void stream.close(2);
    const session = connectHttp2(upstream);
    sessions.add(session);
    session.on('error', () => stream.close());
    stream.on('close', () => session.destroy());
    relayed(session, stream, headers, fault);
  });
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', (first: Buffer) => {
      socket.pause();
      socket.unshift(first);
      if (first.toString('latin1', 0, 3) === 'PRI') http2.emit('connection', socket);
      else {
        const onward = connect(Number(new URL(plain).port), '127.0.0.1');
        sockets.add(onward);
        onward.on('error', () => socket.destroy()).on('close', () => socket.destroy());
        socket.on('close', () => onward.destroy());
        socket.pipe(onward).pipe(socket);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  relays.push({
    close: () => {
      for (const session of sessions) session.destroy();
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, subscriptions: () => subscriptions };
}

function relayed(
  session: ClientHttp2Session,
  stream: ServerHttp2Stream,
  { ':path': path, ':method': method, ...headers }: IncomingHttpHeaders,
  fault: SubscriptionFault | WholeFault | undefined,
): void {
  const onward = session.request({ ...headers, ':path': path, ':method': method });
  onward.on('error', () => stream.close());
  stream.pipe(onward);
  onward.on('response', (answered) => {
    if (stream.destroyed || fault === 'half-open-after') return;
    if (fault === 'html') {
      stream.respond({ ':status': 200, 'content-type': 'text/html' });
      stream.end('<!doctype html><title>Welcome</title><p>Please log in.');
      return;
    }
    const { ':status': status = 500, 'content-type': type = '' } = answered;
    stream.respond({ ':status': status, 'content-type': type });
    if (fault === undefined || status !== 200) onward.pipe(stream);
    else passed(onward, stream, fault);
  });
}

/** True when the service does not take this caller, which it was answered. */
function isRefused(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  judgement: Judgement,
): boolean {
  const now = new Date(Date.now() + (judgement.clockOffsetMs ?? 0));
  const refused = refusal({ headers }, now, judgement);
  if (!refused) return false;
  stream.respond({ ':status': 400, date: now.toUTCString(), ...refused.headers });
  stream.end(refused.body);
  return true;
}

function passed(
  onward: ClientHttp2Stream,
  stream: ServerHttp2Stream,
  fault: SubscriptionFault | WholeFault,
): void {
  switch (fault) {
    case 'reset-before':
    case 'half-open':
    case 'half-open-after':
      // Nothing comes of these.
      return;
    case 'slow-close':
    case 'bandwidth':
    case 'latency':
      void delayed(onward, stream, fault).catch(() => stream.close());
      return;
    default:
      brokenAfterFirst(onward, stream, fault);
  }
}

const LATE_MS = 300;
const PIECE_BYTES = 50;

async function delayed(
  onward: ClientHttp2Stream,
  stream: ServerHttp2Stream,
  fault: 'slow-close' | 'bandwidth' | 'latency',
): Promise<void> {
  for await (const chunk of onward as AsyncIterable<Buffer>) {
    if (stream.destroyed) return;
    if (fault === 'latency') await wait(LATE_MS);
    if (fault === 'bandwidth') await inPieces(chunk, stream);
    else stream.write(chunk);
  }
  if (fault === 'slow-close') await wait(LATE_MS);
  stream.end();
}

async function inPieces(chunk: Buffer, stream: ServerHttp2Stream): Promise<void> {
  for (let from = 0; from < chunk.length && !stream.destroyed; from += PIECE_BYTES) {
    stream.write(chunk.subarray(from, from + PIECE_BYTES));
    await wait(1);
  }
}

/** Passes on the answer to the call and the first event; then comes the fault. */
function brokenAfterFirst(
  onward: ClientHttp2Stream,
  stream: ServerHttp2Stream,
  fault: SubscriptionFault,
): void {
  let messages = 0;
  let pending = Buffer.alloc(0);
  onward.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    while (messages < 3 && pending.length >= 4 && pending.length >= pending.readUInt32BE(0)) {
      const message = pending.subarray(0, pending.readUInt32BE(0));
      pending = pending.subarray(message.length);
      messages += 1;
      if (messages < 3) stream.write(message);
      else broken(stream, message, fault);
    }
  });
}

/** Writes the fault in place of a message. */
function broken(stream: ServerHttp2Stream, message: Buffer, fault: SubscriptionFault): void {
  const half = message.subarray(0, Math.floor(message.length / 2));
  const exception = (type: string): void => {
    const headers = { ':message-type': 'exception', ':exception-type': type };
    stream.end(eventMessage(headers, Buffer.from('{"message":"an injected fault"}')));
  };
  switch (fault) {
    case 'reset':
      stream.write(half, () => stream.close(2));
      return;
    case 'cut':
      stream.write(half, () => setImmediate(() => stream.session?.destroy()));
      return;
    case 'truncated':
      stream.end(half);
      return;
    case 'garbage':
      stream.write(Buffer.from('HTTP/1.1 502 Bad Gateway\r\n\r\n'.repeat(20)));
      return;
    case 'bad-crc': {
      const changed = Buffer.from(message);
      const at = Math.floor(message.length / 2);
      changed[at] = (changed[at] ?? 0) ^ 1;
      stream.write(changed);
      return;
    }
    case 'stall':
      stream.write(half);
      return;
    case 'endless':
      endless(stream);
      return;
    case 'exception':
      exception('InternalFailureException');
      return;
    case 'unknown':
      exception('SomethingNewException');
      return;
    default: {
      const headers = { ':message-type': 'event', ':event-type': 'SubscribeToShardEvent' };
      stream.write(eventMessage(headers, Buffer.from('{}')));
    }
  }
}

const ENDLESS_BYTES = 20_000_000;

function endless(stream: ServerHttp2Stream): void {
  const prelude = eventMessage({}, Buffer.alloc(ENDLESS_BYTES - 16)).subarray(0, 12);
  const zeros = Buffer.alloc(65_536);
  const write = (): void => {
    if (!stream.destroyed) stream.write(zeros, () => setImmediate(write));
  };
  stream.write(prelude, write);
}
