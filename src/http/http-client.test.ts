import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type Connect, connectTo } from './connect.ts';
import { HttpClient } from './http-client.ts';

type Result = string;

/** A server that gives each request, by its number, to `answer`; and a client of so many connections. */
async function pair(
  t: TestContext,
  connections: number,
  answer: (socket: Socket, request: number) => void,
): Promise<{
  client: HttpClient;
  clock: { at: number };
  sockets: Set<Socket>;
  accepted: () => number;
  call: () => { result: Promise<Result>; abort: () => void };
}> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  let requests = 0;
  const server: Server = createServer((socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => {
      requests += 1;
      answer(socket, requests);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const clock = { at: 0 };
  const { port } = server.address() as AddressInfo;
  const now = { now: () => clock.at, sleep: () => Promise.resolve() };
  const client = new HttpClient(direct(port), connections, now);
  t.after(() => {
    client.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const head = 'POST /score HTTP/1.1\r\nhost: localhost\r\n';
  const call = (): { result: Promise<Result>; abort: () => void } => {
    let abort = (): void => undefined;
    const result = new Promise<Result>((resolve) => {
      const bytes = { head, body: Buffer.from('1,2'), maxAnswerBytes: 100 };
      const request = client.send(bytes, (got) =>
        resolve(got instanceof Error ? got.message : Buffer.from(got.body).toString()),
      );
      abort = () => request.abort(new Error('given up'));
    });
    return { result, abort };
  };
  return { client, clock, sockets, accepted: () => accepted, call };
}

const direct = (port: number): Connect => connectTo(`http://127.0.0.1:${port}`, 60_000);

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

const ok = (body: number): string =>
  `HTTP/1.1 200 OK\r\ncontent-length: ${`${body}`.length}\r\n\r\n${body}`;

test('more requests than connections wait, and each gets the answer to itself', async (t) => {
  const { call, accepted } = await pair(t, 3, (socket, request) => socket.write(ok(request)));
  const results = await Promise.all(Array.from({ length: 200 }, () => call().result));
  assert.deepEqual(new Set(results), new Set(Array.from({ length: 200 }, (_, at) => `${at + 1}`)));
  assert.equal(accepted(), 3);
});

test('a request that is given up ends its connection, and those that wait go on', async (t) => {
  const { promise: received, resolve: receive } = deferred();
  const { call, accepted } = await pair(t, 1, (socket, request) => {
    if (request > 1) socket.write(ok(request));
    else receive();
  });
  const first = call();
  const second = call();
  const third = call();
  await received;
  third.abort();
  first.abort();
  assert.equal(await first.result, 'given up');
  assert.equal(await third.result, 'given up');
  assert.equal(await second.result, '2');
  assert.equal(accepted(), 2);
});

test('each failure of a connection ends its request, says why, and leaves the client usable', async (t) => {
  const answers: readonly ((socket: Socket) => void)[] = [
    (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'),
    (socket) => socket.end(),
    (socket) => socket.resetAndDestroy(),
    (socket) => socket.write('SSH-2.0-OpenSSH\r\n'),
    (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 101\r\n\r\n'),
    (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nuntil the end'),
    (socket) => socket.write(ok(7)),
  ];
  const { call } = await pair(t, 1, (socket, request) => answers[request - 1]?.(socket));
  assert.match(await call().result, /closed the connection in the middle of the answer/);
  assert.match(await call().result, /closed the connection before an answer/);
  assert.match(await call().result, /ECONNRESET/);
  assert.match(await call().result, /not HTTP\/1\.1/);
  assert.match(await call().result, /100 bytes/);
  assert.equal(await call().result, 'until the end');
  assert.equal(await call().result, '7');
});

test('a connection that was idle for longer than servers keep one is not used again', async (t) => {
  const { call, clock, accepted } = await pair(t, 4, (socket, request) =>
    socket.write(ok(request)),
  );
  assert.equal(await call().result, '1');
  clock.at = 3_999;
  assert.equal(await call().result, '2');
  assert.equal(accepted(), 1);
  clock.at += 4_001;
  assert.equal(await call().result, '3');
  assert.equal(accepted(), 2);
});

test('what a server sends unasked on an idle connection is no answer to the next request', async (t) => {
  const { call, sockets, accepted } = await pair(t, 1, (socket, request) => {
    socket.write(ok(request));
  });
  assert.equal(await call().result, '1');
  const [socket] = sockets;
  assert.ok(socket);
  socket.write('HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n');
  await once(socket, 'close');
  assert.equal(await call().result, '2');
  assert.equal(accepted(), 2);
});

test('a server that cannot be reached fails every request that waits for it', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  const clock = { now: () => 0, sleep: () => Promise.resolve() };
  const client = new HttpClient(direct(port), 2, clock);
  const bytes = { head: 'POST / HTTP/1.1\r\n', body: Buffer.alloc(0), maxAnswerBytes: 100 };
  const results = await Promise.all(
    Array.from({ length: 5 }, () => new Promise((resolve) => client.send(bytes, resolve))),
  );
  for (const result of results) assert.match(String(result), /ECONNREFUSED/);
  client.close();
});
