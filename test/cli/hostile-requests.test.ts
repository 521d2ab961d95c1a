import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { startEmbeddedKinesis } from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { Random } from '../../dist/generators/numbers/random.js';
import { LoopbackServer, targetOf } from '../../dist/http/loopback-server.js';
import { openLive } from '../../dist/report/live-server.js';
import { started } from '../support/endpoints.ts';
import { start } from '../support/fraudstream.ts';

const REQUESTS = 3_000;
const AT_ONCE = 16;

/** What a server said until it closed the connection; the client sends all parts, then ends or resets. */
function said(port: number, parts: readonly Buffer[], isReset = false): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket: Socket = connect(port, '127.0.0.1', () => {
      for (const part of parts) socket.write(part);
      if (isReset) setImmediate(() => socket.resetAndDestroy());
      else socket.end();
    });
    socket.setNoDelay(true);
    socket.on('data', (part) => {
      text += part.toString('latin1');
      // An event stream goes on for as long as it is read.
      if (text.includes('text/event-stream')) socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
}

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

const methods = ['GET', 'POST', 'HEAD', 'OPTIONS', 'CONNECT', 'PUT', 'BREW', 'get', '', 'GE\0T'];
const targets = [
  ...['/', '//', '///x', '/?', '?', '*', 'http://', 'http:///', 'https://[::1', 'x', 'x:y', ''],
  ...['http://127.0.0.1/ping', 'HTTP://a@b:99999/events?x', '127.0.0.1:80', '/%', '/%00', '/%ff'],
  ...['/a b', '/\0', '/\xff\xfe', '/..//../etc/passwd', '/#', `/${'a'.repeat(9_000)}`, '/\\'],
  ...['/report.json', '/report.html', '/events', '/ping', '/execution-parameters', '/invocations'],
  ...['/endpoints/fraud/invocations', '/endpoints/%E0%A4%A/invocations', '/endpoints//invocations'],
  ...['/score', '/prod/score', '/prod/', '/score?%=%&&=', '/_fraudstream/faults', '/__proto__'],
  ...['/_fraudstream/statistics', '/_fraudstream/', '/constructor', '/_fraudstream//faults?x'],
];
const versions = ['HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/2', 'HTTP/9.9', 'ICY', ''];
const headers = [
  ...[
    'Host: 127.0.0.1',
    'Host: 127.0.0.1',
    'Host: evil.example',
    'Host:',
    'Host: localhost\r\nHost: b',
  ],
  ...['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked, identity', 'Content-Length: 5'],
  ...['Transfer-Encoding: gzip', 'Content-Length: -1', 'Content-Length: 99999999999999999999'],
  ...['Content-Length: 5\r\nContent-Length: 6', 'Expect: 100-continue', 'Expect: the unexpected'],
  ...['Upgrade: websocket\r\nConnection: Upgrade', 'Upgrade: h2c', 'Connection: keep-alive, close'],
  ...[`X-Long: ${'y'.repeat(20_000)}`, 'No colon', ': nothing', 'X\0Y: z', 'X-Bytes: \xff\xfe\x80'],
  ...[' folded', 'Content-Type: text/csv', 'Content-Type: text/libsvm', 'Content-Type: ;;=\xff'],
  ...['Content-Type: application/json', 'Accept: application/json', 'Accept: \xe9/\xe9; q=2'],
  ...['X-Amz-Target: Kinesis_20131202.PutRecords', 'X-Amz-Target: Kinesis_20131202.ListShards'],
  ...['X-Amz-Target: Kinesis_20131202.GetRecords', 'X-Amz-Target: Kinesis_20131202.CreateStream'],
  ...['X-Amz-Target: constructor.constructor', 'X-Amz-Target: .__proto__', 'X-Amz-Target: ....'],
  ...['X-Amzn-SageMaker-Custom-Attributes: \xe4\t\xfc', 'X-Amzn-SageMaker-Target-Variant: \xff'],
  ...['Authorization: AWS4-HMAC-SHA256 Credential=a/20261124/b/c/aws4_request', 'X-Api-Key: \xff'],
];
const deep = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const bodies = [
  ...[
    '',
    'hello',
    '1,2,,0.5',
    '{}',
    '[]',
    'null',
    '"',
    '{"instances":[]}',
    '\xff\xfe\0',
    '0\r\n\r\n',
  ],
  ...[
    '5\r\nhello\r\n0\r\n\r\n',
    'zz\r\n',
    'ffffffffffffffff\r\nx',
    '1;ext=\r\nx\r\n0\r\n\r\n',
    '-1\r\n',
  ],
  ...['{"StreamName":"transactions","Records":[null,{"Data":5}]}', '["throttle:2"]', '[{"a":{}}]'],
  ...['{"NextToken":"eyJmaWx0ZXIiOiJ7In0"}', '{"ShardIterator":"eyJzdHJlYW0iOnt9LCJhdCI6MX0"}'],
  ...[
    '{"ShardFilter":{"Type":"constructor"},"StreamName":"transactions"}',
    '{"StreamName":[[[]]]}',
  ],
  ...['{"__proto__":{"StreamName":"transactions"},"Limit":1e999}', '{"Limit":{"toString":1}}'],
  ...[
    deep(200_000),
    `{"Limit":${deep(200_000)}}`,
    `{"instances":${deep(20_000)}}`,
    `[${deep(5_000)}]`,
  ],
  ...[
    '1'.repeat(200_000),
    `${'1'.repeat(200_000)}x`,
    `0:${'1'.repeat(200_000)}x`,
    ','.repeat(200_000),
  ],
  ...[
    `["throttle:${'1'.repeat(100_000)}x"]`,
    '\n'.repeat(1_000),
    'GET / HTTP/1.1\r\n\r\n'.repeat(3),
  ],
];

/** One request, right in some parts and wrong in others; often with a length that fits its body. */
function hostile(random: Random): Buffer {
  const one = (from: readonly string[]): string => from[random.below(from.length)] ?? '';
  const count = random.below(5);
  const lines = Array.from({ length: count }, () => one(headers));
  const body = one(bodies);
  if (random.chance(0.5)) lines.push('Host: 127.0.0.1');
  if (random.chance(0.6)) lines.push(`Content-Length: ${body.length}`);
  const first = [one(methods), one(targets), one(versions)].join(random.chance(0.95) ? ' ' : '');
  const end = random.chance(0.95) ? '\r\n' : '\n';
  return bytes([first, ...lines, '', body].join(end));
}

/** One to three requests on a connection, in pieces, some of them cut off or changed in single bytes. */
function conversation(random: Random): readonly Buffer[] {
  const requests = Array.from({ length: 1 + random.below(3) }, () => hostile(random));
  const whole = Buffer.concat(requests);
  if (random.chance(0.2)) whole[random.below(whole.length)] = random.below(256);
  const sent = random.chance(0.2) ? whole.subarray(0, random.below(whole.length)) : whole;
  const cut = random.below(sent.length + 1);
  return random.chance(0.3) ? [sent.subarray(0, cut), sent.subarray(cut)] : [sent];
}

test(`${REQUESTS} hostile requests end no server, and none of them is answered with 500`, async (t) => {
  const kinesis = await startEmbeddedKinesis({ streams: { transactions: 2 } });
  const endpoint = await started();
  const views = { line: () => 'figures', json: () => '{}', html: () => '<!doctype html>' };
  const live = await openLive(0, views);
  t.after(async () => Promise.all([kinesis.close(), live.close('over')]));
  const ports = [kinesis, endpoint, live].map(({ url }) => Number(new URL(url).port));
  const random = new Random(17, 0);
  let left = REQUESTS;
  const client = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const port = ports[left % ports.length] ?? 0;
      const parts = conversation(random);
      const text = await said(port, parts, random.chance(0.1));
      const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status);
      assert.ok(text === '' || text.startsWith('HTTP/1.1 '), text.slice(0, 200));
      assert.ok(!statuses.includes('500'), `${text.slice(0, 400)}\n${Buffer.concat(parts)}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  assert.equal((await fetch(`${endpoint.url}/ping`)).status, 200);
  assert.equal((await fetch(`${live.url}report.json`)).status, 200);
  assert.equal((await fetch(`${kinesis.url}/_fraudstream/statistics`)).status, 200);
  const { requests } = await kinesis.statistics();
  assert.ok(Object.keys(requests).length < 30, 'names from outside are not kept');
});

test('a request target is a path and a query, whatever it is', () => {
  assert.deepEqual(targetOf('//'), { path: '//', query: '' });
  assert.deepEqual(targetOf('/a?b?c'), { path: '/a', query: 'b?c' });
  assert.deepEqual(targetOf('http://host:1/a?b'), { path: '/a', query: 'b' });
  assert.deepEqual(targetOf('http://host?b'), { path: '/', query: 'b' });
  for (const url of ['', '*', 'http://', 'http:///', 'host:80', 'ftp://host/']) {
    assert.equal(targetOf(url), undefined, url);
  }
});

/** A server with short timeouts that answers with the size of the body. */
async function impatient(t: { after(end: () => Promise<void>): void }): Promise<number> {
  const server = new LoopbackServer({
    bodyBytes: 1_000,
    headMs: 50,
    requestMs: 100,
    handle: ({ path, body }, response) => {
      if (path === '/throw') throw new Error('a bug');
      response.end(String(body?.length ?? 'too large'));
    },
  });
  t.after(() => server.close());
  return server.listen(0);
}

/** What is said on a connection that the client keeps open. */
function saidTo(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.write(text);
    socket.on('data', (part) => {
      answer += part;
    });
    socket.on('error', () => undefined);
    socket.on('end', () => socket.destroy());
    socket.on('close', () => resolve(answer));
  });
}

test('a head or a body that does not arrive is answered with 408', async (t) => {
  const port = await impatient(t);
  assert.match(await saidTo(port, 'GET / HT'), /^HTTP\/1\.1 408 /);
  const slow = 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n123';
  assert.match(await saidTo(port, slow), /^HTTP\/1\.1 408 /);
});

test('a body beyond the limit is read to its end, or to four times the limit', async (t) => {
  const port = await impatient(t);
  const head = 'POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length:';
  assert.match(await saidTo(port, `${head} 999\r\n\r\n${'x'.repeat(999)}`), /999$/);
  assert.match(await saidTo(port, `${head} 2000\r\n\r\n${'x'.repeat(2_000)}`), /too large$/);
  const endless = 'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n';
  const chunk = `fa0\r\n${'x'.repeat(4_000)}\r\n`;
  assert.match(await saidTo(port, `${endless}${chunk}${chunk}`), /too large/);
});

test('an exception while answering is a 500, and the server goes on', async (t) => {
  const port = await impatient(t);
  const answer = await fetch(`http://127.0.0.1:${port}/throw`);
  assert.equal(answer.status, 500);
  assert.match(await answer.text(), /a bug/);
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), '0');
});

test('bytes that are no HTTP do not answer for the request before them', async (t) => {
  const port = await impatient(t);
  const both = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n\0garbage\r\n\r\n';
  assert.doesNotMatch(await saidTo(port, both), /^HTTP\/1\.1 4/);
});

test('requests for // and from connections that say nothing end no run with --live', async () => {
  const run = start(['run', '--local', '--live', '0', '--rate', '300/s', '--duration', '3s']);
  const [, url = ''] = await run.says(/Live at (http:\/\/127\.0\.0\.1:\d+\/)/);
  const port = Number(new URL(url).port);
  const silent = connect(port, '127.0.0.1').on('error', () => undefined);
  const unread = connect(port, '127.0.0.1', () =>
    unread.write('GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n'),
  );
  unread.on('error', () => undefined).pause();
  const host = `Host: 127.0.0.1:${port}\r\n\r\n`;
  assert.match(await said(port, [bytes(`GET // HTTP/1.1\r\n${host}`)]), /^HTTP\/1\.1 404 /);
  await said(port, [bytes(`GET http:// HTTP/1.1\r\n${host}`)]);
  const ended = await run.ended;
  silent.destroy();
  unread.destroy();
  assert.equal(ended.code, 0, ended.err);
  assert.match(ended.out + ended.err, /Matched/i);
});

test('neither tags nor streams fill the memory of the embedded Kinesis', async (t) => {
  const kinesis = await startEmbeddedKinesis({ streams: { transactions: 2 } });
  t.after(() => kinesis.close());
  const ask = async (action: string, fields: object): Promise<string> => {
    const headers = { 'x-amz-target': `Kinesis_20131202.${action}` };
    const body = JSON.stringify(fields);
    return (await fetch(kinesis.url, { method: 'POST', headers, body })).text();
  };
  const Tags = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, 'v']));
  assert.match(
    await ask('AddTagsToStream', { StreamName: 'transactions', Tags }),
    /at most 50 tags/,
  );
  const tooMany = { StreamName: 'many', ShardCount: 9_999 };
  assert.match(await ask('CreateStream', tooMany), /LimitExceededException/);
});
