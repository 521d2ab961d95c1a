import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type EmbeddedKinesis,
  startEmbeddedKinesis,
} from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { fraudstream, local, start } from '../support/fraudstream.ts';

let kinesis: EmbeddedKinesis;
let folder: string;
before(async () => {
  kinesis = await startEmbeddedKinesis({ streams: { transactions: 4, other: 1 } });
  folder = await mkdtemp(join(tmpdir(), 'fraudstream-'));
});
after(async () => {
  await kinesis.close();
  await rm(folder, { recursive: true });
});

/** The environment that points at the embedded Kinesis. */
const there = (): Record<string, string> => ({ ...local, AWS_ENDPOINT_URL_KINESIS: kinesis.url });

/** Errors that end a run before it begins: the arguments, the exit code, what the message says. */
const refusals: readonly (readonly [
  string,
  readonly string[],
  Readonly<Record<string, string>>,
  number,
  RegExp,
])[] = [
  ['a bad rate', ['--rate', 'fast'], local, 2, /--rate.*"fast".*5k\/s/s],
  ['bad stages', ['--stages', '5k@30s 0@10s'], local, 2, /--stages.*in order of time/s],
  ['an unknown flag', ['--rte', '5'], local, 2, /--rte/],
  ['an unknown fault', ['--local', '--fault', 'gremlins:1'], local, 2, /gremlins:1/],
  [
    'an input that is not there',
    ['--input', 'none.ndjson'],
    local,
    66,
    /none\.ndjson cannot be read/,
  ],
  ['no region', [], {}, 78, /No AWS region is set\. Give --region/],
  ['no credentials', [], { AWS_REGION: 'us-east-1' }, 77, /No AWS credentials.*--local/s],
  [
    'a region that does not exist',
    ['--region', 'nowhere-1'],
    local,
    69,
    /could not be reached at region nowhere-1/,
  ],
];
for (const [what, args, env, code, message] of refusals) {
  test(`produce refuses ${what} with exit code ${code} and says what to do`, async () => {
    const ended = await fraudstream(['produce', '--count', '10', ...args], env);
    assert.match(ended.err, message);
    assert.equal(ended.code, code);
    assert.equal(ended.out, '');
  });
}

test('produce to a stream that does not exist says so and how to start one, exit code 69', async () => {
  const ended = await fraudstream(['produce', '--stream', 'paymnts', '--count', '10'], there());
  assert.match(
    ended.err,
    /Stream "paymnts" was not found at http.*fraudstream up --streams paymnts:4/,
  );
  assert.equal(ended.code, 69);
});

test('produce to a closed port names the endpoint, exit code 69', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  await new Promise((resolve) => server.close(resolve));
  const url = `http://127.0.0.1:${port}`;
  const ended = await fraudstream(
    ['produce', '--kinesis-endpoint-url', url, '--count', '10'],
    local,
  );
  assert.ok(ended.err.includes(`could not be reached at ${url}`), ended.err);
  assert.match(ended.err, /ECONNREFUSED/);
  assert.equal(ended.code, 69);
});

test('bad lines of the input are named and kept, the rest is sent, exit code 65', async () => {
  const { out } = await fraudstream(['generate', '--count', '20', '--seed', '1']);
  const good = out.trimEnd().split('\n');
  const noCard = JSON.stringify({ ...JSON.parse(good[4] ?? ''), card_id: undefined });
  const badAmount = JSON.stringify({ ...JSON.parse(good[5] ?? ''), amount_minor: '12.50' });
  const lines = [
    ...good.slice(0, 2),
    '{"broken',
    ...good.slice(2, 4),
    noCard,
    badAmount,
    '',
    ...good.slice(6),
  ];
  const input = join(folder, 'day.ndjson');
  const rejects = join(folder, 'rejects.ndjson');
  await writeFile(input, lines.join('\r\n'));
  const args = [
    'produce',
    '--input',
    input,
    '--rejects',
    rejects,
    '--rate',
    'max',
    '--output',
    'json',
  ];
  const ended = await fraudstream(args, there());
  assert.match(ended.err, /day\.ndjson:3: the line is not JSON/);
  assert.match(ended.err, /day\.ndjson:6: card_id is required/);
  assert.match(ended.err, /day\.ndjson:7: amount_minor must be a whole number.*not "12\.50"/);
  const report = JSON.parse(ended.out);
  assert.equal(report.source.rejected_lines, 3);
  assert.equal(report.delivery.accepted, 18);
  assert.equal(ended.code, 65);
  assert.deepEqual((await readFile(rejects, 'utf8')).trimEnd().split('\n'), [
    '{"broken',
    noCard,
    badAmount,
  ]);
});

test('what is read from stdin arrives byte for byte', async () => {
  const { out } = await fraudstream(['generate', '--count', '500', '--seed', '2']);
  const args = ['produce', '--stream', 'other', '--input', '-', '--rate', 'max'];
  const produced = await fraudstream(args, there(), out);
  assert.equal(produced.code, 0, produced.err);
  const reading = ['--stream', 'other', '--from', 'trim-horizon', '--count', '500'];
  const consumed = await fraudstream(['consume', ...reading], there());
  assert.deepEqual(consumed.out.split('\n').sort(), out.split('\n').sort());
  assert.equal(consumed.code, 0);
});

test('--count, --duration and --stages bound a run', async () => {
  const cases: readonly (readonly [readonly string[], (sent: number) => boolean])[] = [
    [['--count', '777', '--rate', 'max'], (sent) => sent === 777],
    [['--duration', '500ms', '--rate', '2k/s'], (sent) => sent === 1_000],
    [['--stages', '0@0 2k@500ms 2k@1s'], (sent) => sent === 1_500],
    [['--stages', '1k@0 1k@1h', '--duration', '300ms'], (sent) => sent === 300],
  ];
  for (const [args, holds] of cases) {
    const ended = await fraudstream(['produce', '--output', 'json', ...args], there());
    const { delivery } = JSON.parse(ended.out);
    assert.ok(holds(delivery.sent), `${args.join(' ')} sent ${delivery.sent}`);
    assert.equal(delivery.sent, delivery.accepted + delivery.failed);
    assert.equal(ended.code, 0);
  }
});

test('--dry-run tells the load of each shard and sends nothing', async () => {
  const before = await kinesis.statistics();
  const args = ['produce', '--rate', '20k/s', '--dry-run'];
  const human = await fraudstream(args, there());
  assert.match(human.out, /nothing was sent/);
  assert.match(human.out, /shardId-000000000003 .* over its limit/);
  const { plan } = JSON.parse((await fraudstream([...args, '--output', 'json'], there())).out);
  assert.equal(plan.shards.length, 4);
  assert.equal(Math.round(plan.user_records_per_second), 20_000);
  assert.ok(plan.shards_needed > 4);
  assert.ok(plan.aggregation_ratio > 10);
  assert.equal((await kinesis.statistics()).records, before.records);
});

test('--output ndjson prints a receipt for every record, and the report goes to stderr', async () => {
  const ended = await fraudstream(['produce', '--count', '300', '--output', 'ndjson'], there());
  const receipts = ended.out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(new Set(receipts.map(({ id }) => id)).size, 300);
  assert.ok(receipts.every((receipt) => receipt.is_accepted && receipt.sequence_number));
  assert.match(ended.err, /300 sent, 300 acknowledged/);
});

test('records that cannot be delivered in time are counted by reason, exit code 75', async () => {
  const report = join(folder, 'report.json');
  const flags = ['--local', '--fault', 'throttle:1', '--record-ttl', '500', '--report', report];
  const ended = await fraudstream(['produce', '--count', '100', ...flags]);
  assert.equal(ended.code, 75);
  assert.match(ended.out, /100 failed/);
  assert.match(ended.out, /Expired after ProvisionedThroughputExceededException/);
  const { delivery } = JSON.parse(await readFile(report, 'utf8'));
  assert.equal(delivery.failed, 100);
  assert.equal(delivery.accepted, 0);
});

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`${signal} in mid-run drains, reports and exits with ${code}`, async () => {
    const args = [
      'produce',
      '--rate',
      '2k/s',
      '--output',
      'json',
      '--record-max-buffered-time',
      '5s',
    ];
    const { records } = await kinesis.statistics();
    const run = start([...args, '--progress', 'none'], there());
    while ((await kinesis.statistics()).records <= records) await wait(5);
    run.child.kill(signal);
    const ended = await run.ended;
    assert.equal(ended.code, code);
    assert.match(ended.err, /Stopping/);
    const { delivery } = JSON.parse(ended.out);
    assert.ok(delivery.sent > 0);
    assert.equal(delivery.accepted, delivery.sent);
  });
}
