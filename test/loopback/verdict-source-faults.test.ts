import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { appendFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { openVerdictSource } from '../../dist/pipeline-test/verdict-sources/open-verdict-source.js';
import type { VerdictLocation } from '../../dist/pipeline-test/verdict-sources/verdict-location.js';
import type { VerdictReading } from '../../dist/pipeline-test/verdict-sources/verdict-source.js';
import { systemClock } from '../../dist/runtime.js';

type Answer = (response: ServerResponse, fields: Record<string, unknown>) => void;

/** What a service on loopback answers: by the name of the call, the next of its answers, the last again and again. */
let answers: Record<string, Answer[]> = {};
let asked: Record<string, number> = {};
let server: Server;
let url = '';
let folder = '';

before(async () => {
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
  server = createServer(async (request: IncomingMessage, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const call = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    asked[call] = (asked[call] ?? 0) + 1;
    const queue = answers[call] ?? [];
    const answer = queue.length > 1 ? queue.shift() : queue[0];
    answer?.(response, JSON.parse(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = await mkdtemp(join(tmpdir(), 'fraudstream-source-faults-'));
});
beforeEach(() => {
  answers = {};
  asked = {};
});
after(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

const json = (value: unknown, status = 200): Answer => {
  return (response) =>
    response
      .writeHead(status, { 'content-type': 'application/x-amz-json-1.0' })
      .end(JSON.stringify(value));
};
const cut: Answer = (response) => response.destroy();
const silent: Answer = () => undefined;
const garbage: Answer = (response) => response.end('<html>');

/** Opens a source; `read` takes what comes until the stop. */
async function opened(location: Exclude<VerdictLocation, { readonly kind: 'kinesis' }>): Promise<{
  readonly stop: AbortController;
  readonly failures: string[];
  readonly counts: { redelivered: number; backlog: number };
  readonly texts: string[];
  readonly ended: Promise<void>;
  texting(count: number): Promise<void>;
}> {
  const stop = new AbortController();
  const failures: string[] = [];
  const counts = { redelivered: 0, backlog: 0 };
  const service = {
    ...{ region: 'eu-west-1', endpointUrl: url },
    ...{ requestTimeoutMs: 2_000, connectTimeoutMs: 2_000 },
    flag: '--verdicts-from',
  };
  const source = await openVerdictSource(location, { service, stdin: (async function* () {})() });
  const reading: VerdictReading = await source.open({
    clock: systemClock,
    stop: stop.signal,
    pollIntervalMs: 20,
    events: {
      readFailed: (code) => failures.push(code),
      redelivered: () => {
        counts.redelivered += 1;
      },
      backlog: () => {
        counts.backlog += 1;
      },
    },
  });
  const texts: string[] = [];
  let wake = (): void => undefined;
  const ended = (async () => {
    for await (const group of reading.groups) {
      for (const { data } of group) texts.push(Buffer.from(data).toString());
      wake();
    }
  })();
  const texting = async (count: number): Promise<void> => {
    while (texts.length < count) {
      const next = new Promise<void>((resolve) => {
        wake = resolve;
      });
      await Promise.race([next, ended]);
    }
  };
  return { stop, failures, counts, texts, ended, texting };
}

/** Messages that are sent when they are asked for, unless an instant is given. */
const received = (...messages: readonly (readonly [string, string, number?])[]): Answer => {
  const message = (id: string, body: string, sentAt: number = Date.now()): object => ({
    ...{ MessageId: id, ReceiptHandle: `handle-${id}`, Body: body },
    MD5OfBody: createHash('md5').update(body).digest('hex'),
    Attributes: { SentTimestamp: String(sentAt) },
  });
  return (response, fields) =>
    json({ Messages: messages.map((one) => message(...one)) })(response, fields);
};

test('a queue that throttles, cuts and answers nonsense: every message once, each failure counted', {
  timeout: 60_000,
}, async () => {
  answers = {
    GetQueueUrl: [cut, json({ QueueUrl: `${url}/1/q` })],
    GetQueueAttributes: [json({ __type: 'RequestThrottled', message: 'slow' }, 400), json({})],
    ReceiveMessage: [
      json({ __type: 'ThrottlingException', message: 'slow down' }, 400),
      cut,
      garbage,
      received(['a', 'one'], ['old', 'before', 1_000]),
      received(['a', 'one'], ['b', 'two']),
      silent,
    ],
    DeleteMessageBatch: [cut, json({ Failed: [{ Id: '0', Code: 'InternalError' }] }), json({})],
  };
  const source = await opened({ kind: 'sqs', queue: 'q' });
  await source.texting(2);
  source.stop.abort();
  await source.ended;
  assert.deepEqual(source.texts.sort(), ['one', 'two']);
  assert.deepEqual(source.counts, { redelivered: 1, backlog: 1 });
  const seen = new Set(source.failures);
  for (const code of ['RequestThrottled', 'ThrottlingException', 'InvalidResponse']) {
    assert.ok(seen.has(code), `${code} of ${[...seen]}`);
  }
});

test('a queue that may not be read ends the reading with what to do, and a hanging one ends on stop', async () => {
  answers = {
    GetQueueUrl: [json({ QueueUrl: `${url}/1/q` })],
    GetQueueAttributes: [json({})],
    ReceiveMessage: [json({ __type: 'AccessDenied', message: 'no' }, 403)],
  };
  const refused = await opened({ kind: 'sqs', queue: 'q' });
  await assert.rejects(refused.ended, { code: 'no-permission', message: /sqs:ReceiveMessage/ });
  answers.ReceiveMessage = [silent];
  const hanging = await opened({ kind: 'sqs', queue: 'q' });
  setTimeout(() => hanging.stop.abort(), 50);
  await hanging.ended;
  assert.deepEqual(hanging.texts, []);
});

const shard = { ShardId: 'shard-1', SequenceNumberRange: { StartingSequenceNumber: '1' } };
const enabled = { StreamStatus: 'ENABLED', StreamViewType: 'NEW_IMAGE', Shards: [shard] };
const change = (number: number, image: object): object => ({
  dynamodb: {
    ...{ SequenceNumber: String(number), NewImage: image },
    ApproximateCreationDateTime: Math.floor(Date.now() / 1_000),
  },
});

test('a table whose stream fails in passing, and has deletions and odd items: each image once', async () => {
  const page = (records: readonly object[], next: string): Answer =>
    json({ Records: records, NextShardIterator: next });
  answers = {
    ListStreams: [cut, json({ Streams: [{ StreamArn: 'old' }, { StreamArn: 'new' }] })],
    DescribeStream: [
      json({ StreamDescription: { StreamStatus: 'DISABLED', StreamViewType: 'NEW_IMAGE' } }),
      json({ StreamDescription: enabled }),
    ],
    GetShardIterator: [json({ ShardIterator: 'first' })],
    GetRecords: [
      json({ __type: 'ProvisionedThroughputExceededException', message: 'slow' }, 400),
      page([change(1, { id: { S: 'a' } }), { dynamodb: { Keys: {} }, eventName: 'REMOVE' }], 'n2'),
      cut,
      page([change(2, { id: { X: 'odd' } }), change(3, { id: { N: '9007199254740993' } })], 'n3'),
      page([], 'n4'),
    ],
  };
  const source = await opened({ kind: 'dynamodb', table: 'decisions' });
  await source.texting(2);
  source.stop.abort();
  await source.ended;
  assert.deepEqual(source.texts, ['{"id":"a"}', '{"id":9007199254740993}']);
  assert.ok(source.failures.includes('UnreadableItem'));
  assert.ok(source.failures.includes('ProvisionedThroughputExceededException'));
});

test('a table whose stream has keys alone says which stream to make', async () => {
  answers = {
    ListStreams: [json({ Streams: [{ StreamArn: 'keys' }] })],
    DescribeStream: [json({ StreamDescription: { ...enabled, StreamViewType: 'KEYS_ONLY' } })],
  };
  await assert.rejects(opened({ kind: 'dynamodb', table: 't' }), {
    code: 'bad-config',
    message: /has a stream of KEYS_ONLY.*StreamViewType=NEW_IMAGE/,
  });
});

test('a file is followed from its end, through rotation and truncation, and a last line without an end counts', async () => {
  const path = join(folder, 'verdicts.log');
  await writeFile(path, '{"n":0}\n');
  const source = await opened({ kind: 'file', path });
  await appendFile(path, '{"n":1}\n{"n"');
  await source.texting(1);
  await appendFile(path, ':2}\n');
  await source.texting(2);
  await rename(path, `${path}.1`);
  await appendFile(`${path}.1`, '{"n":3}\n');
  await writeFile(path, '{"n":4}\n');
  await source.texting(4);
  await truncate(path, 0);
  await source.texting(4);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await appendFile(path, '{"n":5}\n');
  await source.texting(5);
  await appendFile(path, '{"n":6}');
  source.stop.abort();
  await source.ended;
  assert.deepEqual(
    source.texts,
    [1, 2, 3, 4, 5, 6].map((n) => `{"n":${n}}`),
  );
});

test('a file that is not there yet is waited for, and read from its beginning', async () => {
  const path = join(folder, 'later.ndjson');
  const source = await opened({ kind: 'file', path });
  await writeFile(path, '{"n":1}\n');
  await source.texting(1);
  source.stop.abort();
  await source.ended;
});
