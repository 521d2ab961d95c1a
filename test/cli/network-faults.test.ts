import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { EmbeddedKinesis } from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { started } from '../support/embedded.ts';
import { always, type Cut, type FaultProxy, faultProxy } from '../support/fault-proxy.ts';
import { type Ended, fraudstream, local, start } from '../support/fraudstream.ts';
import { pipelineStub } from '../support/pipeline-stub.ts';
import { scoreServer } from '../support/score-server.ts';

const COUNT = 2_000;
let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fraudstream-faults-'));
});
after(() => rm(folder, { recursive: true }));

interface Behind {
  readonly kinesis: EmbeddedKinesis;
  readonly proxy: FaultProxy;
  readonly env: Readonly<Record<string, string>>;
}

/** A Kinesis behind a proxy, and the environment that points at the proxy. */
async function behind(cuts: readonly Cut[]): Promise<Behind> {
  const streams = { transactions: 2, verdicts: 1, rejects: 1 };
  const kinesis = await started({ streams });
  const proxy = await faultProxy(kinesis.url, cuts);
  return { kinesis, proxy, env: { ...local, AWS_ENDPOINT_URL_KINESIS: proxy.url } };
}

const stream = ['--stream', 'transactions'];
/** Requests small enough for several of them. */
const requests = [
  ...['--collection-max-count', '5', '--aggregation-max-count', '20', '--request-timeout', '500ms'],
  ...['--progress', 'none', '--output', 'ndjson'],
];
const pace = ['--count', String(COUNT), '--rate', 'max', '--seed', '1'];
const produce = ['produce', ...stream, ...pace, ...requests];
const scoreFaults = ['stop', 'empty', 'reset-before'] as const;
const consume = [
  ...['consume', ...stream, '--from', 'trim-horizon', '--get-records-limit', '300'],
  ...['--request-timeout', '500ms', '--idle-timeout', '1s', '--progress', 'none'],
];
const linesOf = ({ out }: Ended): readonly Readonly<Record<string, unknown>>[] =>
  out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
const idsOf = (ended: Ended, name: string): number =>
  new Set(linesOf(ended).map((line) => line[name])).size;

async function filled({ kinesis }: Behind): Promise<void> {
  const direct = { ...local, AWS_ENDPOINT_URL_KINESIS: kinesis.url };
  const ended = await fraudstream(['produce', ...stream, ...pace], direct);
  assert.equal(ended.code, 0, ended.err);
}

for (const fault of ['stop', 'endless'] as const) {
  test(`produce: a PutRecords answer with ${fault} is given up and repeated`, async () => {
    const { proxy, env } = await behind([{ operation: 'PutRecords', calls: [2], fault }]);
    const ended = await fraudstream(produce, env);
    assert.equal(ended.code, 0, ended.err);
    assert.equal(linesOf(ended).length, COUNT);
    assert.equal(idsOf(ended, 'id'), COUNT);
    assert.ok(proxy.calls('PutRecords') > 2);
  });

  test(`replay: a PutRecords answer with ${fault} is given up and repeated`, async () => {
    const input = join(folder, `${fault}.ndjson`);
    const made = await fraudstream(['generate', '--count', String(COUNT), '--seed', '2']);
    await writeFile(input, made.out);
    const { env } = await behind([{ operation: 'PutRecords', calls: [2], fault }]);
    const ended = await fraudstream(
      ['replay', input, ...stream, '--rate', 'max', ...requests],
      env,
    );
    assert.equal(ended.code, 0, ended.err);
    assert.equal(idsOf(ended, 'id'), COUNT);
  });

  test(`consume: a GetRecords answer with ${fault} is given up and repeated`, async () => {
    const scene = await behind([{ operation: 'GetRecords', calls: [2, 3], fault }]);
    await filled(scene);
    const ended = await fraudstream(consume, scene.env);
    assert.equal(ended.code, 0, ended.err);
    assert.equal(idsOf(ended, 'transaction_id'), COUNT);
  });
}

test('produce: --record-ttl ends records whose answers never do, each with a receipt', async () => {
  const { env } = await behind([{ operation: 'PutRecords', calls: (n) => n > 3, fault: 'stop' }]);
  const ended = await fraudstream([...produce, '--record-ttl', '2s'], env);
  assert.equal(ended.code, 75, ended.err);
  const receipts = linesOf(ended);
  assert.equal(idsOf(ended, 'id'), COUNT);
  assert.equal(receipts.length, COUNT);
  const codes = new Set(receipts.map((receipt) => receipt.error_code));
  assert.ok(codes.has('Expired'), [...codes].join());
});

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`produce: ${signal} ends a run whose answers never end, each record with a receipt`, async () => {
    const { proxy, env } = await behind([
      { operation: 'PutRecords', calls: (n) => n > 3, fault: 'stop' },
    ]);
    const endless = produce.map((word) => (word === String(COUNT) ? '1000000' : word));
    const run = start([...endless, '--rate', '1k/s', '--record-ttl', '1s'], env);
    await proxy.reached('PutRecords', 6);
    run.child.kill(signal);
    const ended = await run.ended;
    assert.equal(ended.code, code, ended.err);
    const sent = /(\d[\d,]*) acknowledged/.exec(ended.err)?.[0];
    assert.ok(sent, ended.err);
    assert.equal(idsOf(ended, 'id'), linesOf(ended).length);
  });

  test(`consume: ${signal} ends a reading whose answers are pending`, async () => {
    const scene = await behind([{ operation: 'GetRecords', calls: always, fault: 'stop' }]);
    const patient = ['consume', ...stream, '--request-timeout', '1h'];
    const run = start(patient, scene.env);
    await scene.proxy.reached('GetRecords', 1);
    run.child.kill(signal);
    assert.equal((await run.ended).code, code);
  });
}

for (const command of ['produce', 'consume']) {
  test(`${command}: SIGINT ends a start whose first answer is pending`, async () => {
    const scene = await behind([{ operation: 'ListShards', calls: always, fault: 'half-open' }]);
    const run = start([command, ...stream, '--request-timeout', '1h'], scene.env);
    await scene.proxy.reached('ListShards', 1);
    run.child.kill('SIGINT');
    const ended = await run.ended;
    assert.equal(ended.code, 130, ended.err);
  });
}

test('consume: 200 with {} is no end: the checkpoint says none, and nothing is lost', async () => {
  const scene = await behind([{ operation: 'GetRecords', calls: [2], fault: 'empty' }]);
  await filled(scene);
  const checkpoint = join(folder, 'checkpoint');
  const ended = await fraudstream([...consume, '--checkpoint', checkpoint], scene.env);
  assert.equal(ended.code, 0, ended.err);
  assert.equal(idsOf(ended, 'transaction_id'), COUNT);
  assert.doesNotMatch(await readFile(checkpoint, 'utf8'), /"end"/);
});

for (const operation of ['ListShards', 'GetShardIterator', 'GetRecords']) {
  test(`consume: one reset of ${operation} at the start is waited out`, async () => {
    const scene = await behind([{ operation, calls: [1], fault: 'reset-before' }]);
    await filled(scene);
    const ended = await fraudstream(consume, scene.env);
    assert.equal(ended.code, 0, ended.err);
    assert.equal(idsOf(ended, 'transaction_id'), COUNT);
  });
}

test('record: one answer that stops is given up, and everything is on disk', async () => {
  const scene = await behind([{ operation: 'GetRecords', calls: [2], fault: 'stop' }]);
  await filled(scene);
  const file = join(folder, 'recording.ndjson');
  const [, ...reading] = consume;
  const ended = await fraudstream(['record', ...reading, '--out', file], scene.env);
  assert.equal(ended.code, 0, ended.err);
  assert.equal((await readFile(file, 'utf8')).trim().split('\n').length, COUNT);
});

for (const operation of ['ListShards', 'GetRecords', 'PutRecords'] as const) {
  test(`score --from-stream: what fails with ${operation} is repeated`, async () => {
    const server = await scoreServer((numbers, _request, response) => {
      response.setHeader('content-type', 'text/csv');
      response.end(`${numbers.map(() => 0.25).join('\n')}\n`);
    });
    const cuts = scoreFaults.map((fault, index) => ({ operation, calls: [2 * index + 1], fault }));
    const scene = await behind(cuts);
    await filled(scene);
    const ended = await fraudstream(
      [
        ...['score', '--url', server.url, '--features', 'raw', '--from', 'trim-horizon'],
        ...['--content-type', 'application/jsonlines', '--from-stream', 'transactions'],
        ...['--to-stream', 'verdicts', '--idle-timeout', '2s', '--output', 'json'],
      ],
      scene.env,
    );
    await server.close();
    assert.equal(ended.code, 0, ended.err);
    assert.equal(JSON.parse(ended.out).scoring.scored, COUNT);
  });
}

test('run: answers that stop, for its puts and its verdicts, are given up and repeated', async () => {
  const scene = await behind([
    { operation: 'PutRecords', calls: [2], fault: 'stop' },
    { operation: 'GetRecords', calls: [1, 5], fault: 'stop' },
    { operation: 'GetRecords', calls: [3], fault: 'empty' },
    { operation: 'ListShards', calls: [1], fault: 'reset-before' },
  ]);
  const names = ['transactions', 'verdicts', 'rejects'] as const;
  const stub = await pipelineStub(scene.kinesis.url, names, new Map(), {});
  const ended = await fraudstream(
    [
      ...['run', ...stream, '--verdict-stream', 'verdicts', '--request-timeout', '500ms'],
      ...['--count', '500', '--rate', '500/s', '--output', 'json', '--progress', 'none'],
    ],
    scene.env,
  );
  await stub.close();
  assert.equal(ended.code, 0, ended.err);
  assert.equal(JSON.parse(ended.out).correlation.matched, 500);
});

test('whoever refuses the first call without an error of Kinesis is not Kinesis: one try, with the reason', async () => {
  let calls = 0;
  const server = createServer((request, response) => {
    calls += 1;
    request.resume();
    const body =
      '{"message":"The host \\"box\\" is not this machine: use 127.0.0.1 or localhost."}';
    response.writeHead(403, { 'content-type': 'application/json' }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const at = ['--stream', 'transactions', '--kinesis-endpoint-url', `http://127.0.0.1:${port}`];
  try {
    for (const verb of [['produce', '--count', '1'], ['consume'], ['consume', '--reader', 'efo']]) {
      calls = 0;
      const { code, err } = await fraudstream([...verb, ...at], local);
      assert.equal(code, 69, err);
      assert.match(err, /HTTP 403: The host "box" is not this machine: use 127\.0\.0\.1/);
      assert.equal(calls, 1);
    }
  } finally {
    server.close();
  }
});
