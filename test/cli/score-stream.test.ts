import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  type EmbeddedKinesis,
  startEmbeddedKinesis,
} from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { call } from '../support/embedded.ts';
import { fraudstream, local, start } from '../support/fraudstream.ts';
import { type ScoreServer, scoreServer, type Treatment } from '../support/score-server.ts';

const COUNT = 4_000;
let kinesis: EmbeddedKinesis;
let server: ScoreServer;
let folder: string;
before(async () => {
  const streams = {
    'transactions-arrival': 4,
    'verdicts-arrival': 2,
    'transactions-event-time': 4,
    'verdicts-event-time': 2,
    rejects: 1,
    mixed: 1,
    judged: 1,
    noisy: 1,
    'noisy-rejects': 1,
  };
  kinesis = await startEmbeddedKinesis({ streams, shardLimits: 'none' });
  server = await scoreServer(quarter);
  folder = await mkdtemp(join(tmpdir(), 'fraudstream-engine-'));
});
after(async () => {
  await Promise.all([kinesis.close(), server.close()]);
  await rm(folder, { recursive: true });
});

/** A score of 0.25 for every line, after a moment. */
const quarter: Treatment = (numbers, _request, response) => {
  response.setHeader('content-type', 'text/csv');
  setTimeout(() => response.end(`${numbers.map(() => 0.25).join('\n')}\n`), 5);
};

const there = (): Record<string, string> => ({ ...local, AWS_ENDPOINT_URL_KINESIS: kinesis.url });
const linesOf = (text: string): readonly string[] => text.split('\n').filter(Boolean);
const engine = (from: string, to: string, name: string): readonly string[] => [
  ...['score', '--url', server.url, '--features', 'raw', '--content-type', 'application/jsonlines'],
  ...['--from-stream', from, '--to-stream', to, '--checkpoint', join(folder, name)],
  ...['--checkpoint-interval', '50ms', '--idle-timeout', '2s', '--output', 'json'],
];

async function readAll(stream: string): Promise<readonly Record<string, unknown>[]> {
  const flags = ['--stream', stream, '--from', 'trim-horizon', '--idle-timeout', '1s'];
  const { out } = await fraudstream(['consume', ...flags], there());
  return linesOf(out).map((line) => JSON.parse(line));
}

for (const order of ['arrival', 'event-time']) {
  test(`killed at any moment and started again, the engine gives every transaction a verdict, by ${order}`, async () => {
    const [from, to] = [`transactions-${order}`, `verdicts-${order}`];
    const input = (await fraudstream(['generate', '--count', String(COUNT), '--seed', '8'])).out;
    const produce = ['produce', '--input', '-', '--rate', 'max', '--stream', from];
    assert.equal((await fraudstream(produce, there(), input)).code, 0);
    // Few at once: it is to be killed in the middle, after a checkpoint.
    const pace = ['--batch-rows', '5', '--capacity', '8'];
    const args = [...engine(from, to, order), ...pace, '--feature-order', order];
    let before = 0;
    for (const requests of [5, 60, 150, 90, 200]) {
      const run = start(args, there());
      before = server.requests();
      while (server.requests() < before + requests && run.child.exitCode === null) {
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      run.child.kill('SIGKILL');
      await run.ended;
    }
    const last = await fraudstream(args, there());
    assert.equal(last.code, 0, last.err);
    const verdicts = await readAll(to);
    const ids = new Set(verdicts.map(({ transaction_id: id }) => id));
    const wanted = linesOf(input).map((line) => JSON.parse(line).transaction_id);
    assert.deepEqual([...ids].sort(), wanted.sort());
    assert.ok(verdicts.every(({ score }) => score === 0.25));
    const duplicates = verdicts.length - COUNT;
    assert.ok(duplicates < 4 * COUNT, `${duplicates} duplicates`);
    // It went on where it had been, not from the beginning.
    const { scoring } = JSON.parse(last.out);
    assert.ok(scoring.transactions < COUNT, `${scoring.transactions} in the last run`);
    const again = await fraudstream(args, there());
    assert.equal(JSON.parse(again.out).scoring.transactions, 0);
  });
}

test('records that are no transactions are rejected with a reason, and do not hold the checkpoint', async () => {
  const good = (await fraudstream(['generate', '--count', '50', '--seed', '8'])).out;
  const record = JSON.parse(linesOf(good)[0] ?? '');
  const bad = [{ ...record, amount_minor: -1 }, { hello: 1 }].map((value) => JSON.stringify(value));
  const { KinesisClient, PutRecordsCommand } = await import('@aws-sdk/client-kinesis');
  const { NodeHttpHandler } = await import('@smithy/node-http-handler');
  const client = new KinesisClient({
    endpoint: kinesis.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestHandler: new NodeHttpHandler(),
  });
  const all = [...linesOf(good), ...bad, 'not json'];
  const Records = all.map((line) => ({ PartitionKey: 'x', Data: Buffer.from(line) }));
  await client.send(new PutRecordsCommand({ StreamName: 'mixed', Records }));
  client.destroy();
  const args = [...engine('mixed', 'judged', 'mixed'), '--reject-stream', 'rejects'];
  const { code, out } = await fraudstream(args, there());
  assert.equal(code, 65);
  const report = JSON.parse(out);
  assert.equal(report.scoring.scored, 50);
  assert.equal(report.source.unread_records, 3);
  const rejects = await readAll('rejects');
  assert.deepEqual(
    rejects.map(({ error }) => error),
    ['bad_data', 'bad_data', 'bad_data'],
  );
  assert.match(String(rejects[0]?.reason), /amount_minor/);
  assert.equal(rejects[2]?.transaction, 'not json');
  const checkpoint = JSON.parse(await readFile(join(folder, 'mixed'), 'utf8'));
  assert.equal(Object.keys(checkpoint.shards).length, 1);
});

for (const kib of [1_024, 10_240]) {
  test(`noise, NULs and quotes as large as a record of ${kib} KiB are rejections that fit`, async () => {
    const large = Math.floor(kib * 1_024 * 0.8);
    const bad = [
      randomBytes(large),
      gzipSync(randomBytes(large)),
      Buffer.alloc(large),
      Buffer.alloc(large, '"\\'),
    ];
    for (const StreamName of ['noisy', 'noisy-rejects']) {
      const size = { StreamName, MaxRecordSizeInKiB: kib };
      assert.equal((await call(kinesis, 'UpdateMaxRecordSize', size)).status, 200);
    }
    for (const data of bad) {
      const Records = [{ PartitionKey: 'x', Data: data.toString('base64') }];
      const { body } = await call(kinesis, 'PutRecords', { StreamName: 'noisy', Records });
      assert.equal(body.FailedRecordCount, 0, JSON.stringify(body));
    }
    const args = [...engine('noisy', 'judged', 'noisy'), '--reject-stream', 'noisy-rejects'];
    const { code, err } = await fraudstream(args, there());
    assert.equal(code, 65, err);
    const found = (await readAll('noisy-rejects')).slice(-bad.length);
    assert.deepEqual(
      found.map(({ transaction_sha256 }) => transaction_sha256),
      bad.map((data) => createHash('sha256').update(data).digest('hex')),
    );
    assert.deepEqual(
      found.map(({ transaction_bytes }) => transaction_bytes),
      bad.map(({ length }) => length),
    );
  });
}

test('with --ordered, verdicts of a card stand in its order, though the stream throttles them', async () => {
  const streams = { transactions: 2, verdicts: 2 };
  const throttling = await startEmbeddedKinesis({ streams, shardLimits: 'none' });
  try {
    const env = { ...local, AWS_ENDPOINT_URL_KINESIS: throttling.url };
    const world = ['--count', '3000', '--cards', '20', '--seed', '8'];
    const produced = await fraudstream(['produce', ...world, '--rate', 'max', '--ordered'], env);
    assert.equal(produced.code, 0, produced.err);
    await throttling.setFaults([{ kind: 'throttle', share: 0.3 }]);
    const args = [...engine('transactions', 'verdicts', 'ordered'), '--ordered'];
    const { code, out } = await fraudstream(args, env);
    assert.equal(code, 0);
    assert.equal(JSON.parse(out).scoring.scored, 3_000);
    await throttling.setFaults([]);
    const flags = ['--stream', 'verdicts', '--from', 'trim-horizon', '--idle-timeout', '1s'];
    const verdicts = linesOf((await fraudstream(['consume', ...flags], env)).out);
    assert.equal(verdicts.length, 3_000);
    assert.equal(fallenBehind(verdicts.map((line) => JSON.parse(line))), 0);
  } finally {
    await throttling.close();
  }
});

test('a stream that is not there is told by its flag, before anything is scored', async () => {
  const before = server.requests();
  const none = ['--from-stream', 'none'];
  const rows = [
    [none, '--from-stream'],
    [['--from-stream', 'judged', '--to-stream', 'none'], '--to-stream'],
    [
      ['--from-stream', 'judged', '--to-stream', 'mixed', '--reject-stream', 'none'],
      '--reject-stream',
    ],
    [['--count', '5', '--to-stream', 'none'], '--to-stream'],
  ] as const;
  for (const [flags, named] of rows) {
    const to = ['score', '--url', server.url, '--features', 'raw'];
    const form = ['--content-type', 'application/jsonlines'];
    const { code, out, err } = await fraudstream([...to, ...form, ...flags], there());
    assert.equal(code, 69, err);
    assert.equal(out, '');
    assert.match(err, new RegExp(`"none" was not found at .*Check ${named} and --region`));
  }
  const nowhere = ['--kinesis-endpoint-url', 'http://127.0.0.1:9'];
  const { code, err } = await fraudstream(
    ['score', '--url', server.url, ...none, ...nowhere],
    local,
  );
  assert.equal(code, 69);
  assert.match(err, /Check --kinesis-endpoint-url/);
  assert.equal(server.requests(), before);
});

/** Verdicts that stand behind one of a later transaction of their card. */
function fallenBehind(verdicts: readonly Record<string, string>[]): number {
  const newest = new Map<string, string>();
  return verdicts.filter(({ card_id: card = '', event_time: time = '' }) => {
    const isBehind = time < (newest.get(card) ?? '');
    if (!isBehind) newest.set(card, time);
    return isBehind;
  }).length;
}
