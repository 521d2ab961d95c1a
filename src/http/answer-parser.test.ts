import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { AnswerParser, type HttpAnswer } from './answer-parser.ts';

const answers: readonly string[] = [
  'HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 5\r\n\r\n0.25\n',
  'HTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n',
  'HTTP/1.1 204 No Content\r\n\r\n',
  'HTTP/1.1 503 \r\nRetry-After: 2\r\nContent-Length: 2\r\n\r\n{}',
  'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok',
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n0.25\r\n1;name="v"\r\n\n\r\n0\r\n\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nTrailer: x-sum\r\n\r\nA\r\n0123456789\r\n00\r\nX-Sum: 1\r\n\r\n',
  'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx',
  'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the connection ends',
  'HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx',
  'HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 1\r\n\r\nx',
  'HTTP/1.1 200 OK\r\nX-Empty:\r\nX-Blanks:  \t two words \t\r\nX-Twice: 1\r\nX-Twice: 2\r\nContent-Length: 0\r\n\r\n',
];

const refused: readonly string[] = [
  'garbage\r\n\r\n',
  'SSH-2.0-OpenSSH_9.2\r\n',
  'HTTP/2 200\r\n\r\n',
  'HTTP/1.1 20 OK\r\n\r\n',
  'HTTP/1.1 200 OK\r\nno colon\r\n\r\n',
  'HTTP/1.1 200 OK\r\nbad name: x\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 1e3\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabcd\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffff\r\n',
  'HTTP/1.1 101 Switching Protocols\r\n\r\n',
  `HTTP/1.1 200 OK\r\n${'x-long: 0123456789\r\n'.repeat(4_000)}`,
];

function parse(pieces: readonly Buffer[]): HttpAnswer | undefined {
  const parser = new AnswerParser();
  parser.begin(1_000_000);
  for (const piece of pieces) {
    const answer = parser.push(piece);
    if (answer) return answer;
  }
  return parser.end();
}

/** What node:http makes of the same bytes. */
async function byNode(answer: string): Promise<{ status: number; headers: object; body: string }> {
  const server = createServer((socket) => {
    socket.once('data', () => socket.end(answer, 'latin1'));
    socket.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const call = request({ host: '127.0.0.1', port, agent: false }).end();
  const [message] = (await once(call, 'response').finally(() => server.close())) as [
    IncomingMessage,
  ];
  const body = Buffer.concat(await message.toArray()).toString('latin1');
  const headers: Record<string, string> = {};
  message.rawHeaders.forEach((name, at) => {
    if (at % 2 === 0) headers[name.toLowerCase()] ??= message.rawHeaders[at + 1] ?? '';
  });
  return { status: message.statusCode ?? 0, headers, body };
}

test('an answer is what node:http makes of it', async () => {
  for (const text of answers) {
    const expected = await byNode(text);
    const answer = parse([Buffer.from(text, 'latin1')]);
    assert.ok(answer, text);
    const { status, headers, body } = answer;
    const seen = {
      status,
      headers: Object.fromEntries(headers),
      body: Buffer.from(body).toString(),
    };
    assert.deepEqual(seen, expected, text);
  }
});

test('an answer is the same in one piece, byte by byte, and cut at any place', () => {
  for (const text of answers) {
    const bytes = Buffer.from(text, 'latin1');
    const whole = parse([bytes]);
    const single = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
    assert.deepEqual(parse(single), whole, text);
    for (let cut = 1; cut < bytes.length; cut += 1) {
      assert.deepEqual(
        parse([bytes.subarray(0, cut), bytes.subarray(cut)]),
        whole,
        `${cut} ${text}`,
      );
    }
  }
});

test('an answer that is cut off is none', () => {
  for (const text of answers.filter((each) => !/until the connection ends$/.test(each))) {
    const bytes = Buffer.from(text, 'latin1');
    for (let length = 0; length < bytes.length; length += 1) {
      assert.equal(parse([bytes.subarray(0, length)]), undefined, `${length} ${text}`);
    }
  }
});

test('bytes that are no HTTP/1.1 are refused as soon as that is certain', () => {
  for (const text of refused) {
    const names = new Set<string>();
    try {
      parse([Buffer.from(text, 'latin1')]);
    } catch (error) {
      names.add((error as Error).name);
    }
    const [name] = names;
    assert.ok(name === 'BadAnswer' || name === 'ResponseTooLarge', `${text}: ${name}`);
  }
});

test('a connection is used again only after an answer whose end is certain', () => {
  const isReusable = (text: string): boolean | undefined => parse([Buffer.from(text)])?.isReusable;
  assert.deepEqual(answers.map(isReusable), [
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    false,
    false,
    false,
    true,
    true,
  ]);
  const both = 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n';
  assert.equal(isReusable(`HTTP/1.1 200 OK\r\n${both}`), false);
  assert.equal(isReusable('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1'), false);
});

test('a body over its bound is refused, announced or not', () => {
  const body = 'x'.repeat(101);
  for (const text of [
    'Content-Length: 101\r\n\r\n',
    `Connection: close\r\n\r\n${body}`,
    `Transfer-Encoding: chunked\r\n\r\n33\r\n${'x'.repeat(51)}\r\n33\r\n`,
  ]) {
    const parser = new AnswerParser();
    parser.begin(100);
    assert.throws(() => parser.push(Buffer.from(`HTTP/1.1 200 OK\r\n${text}`)), /100 bytes/, text);
  }
});
