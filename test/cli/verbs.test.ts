import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  type EmbeddedKinesis,
  startEmbeddedKinesis,
} from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { fraudstream, local, start } from '../support/fraudstream.ts';

let kinesis: EmbeddedKinesis;
let folder: string;
before(async () => {
  kinesis = await startEmbeddedKinesis({ streams: { transactions: 4, checked: 3 } });
  folder = await mkdtemp(join(tmpdir(), 'fraudstream-'));
});
after(async () => {
  await kinesis.close();
  await rm(folder, { recursive: true });
});
const there = (): Record<string, string> => ({ ...local, AWS_ENDPOINT_URL_KINESIS: kinesis.url });
const linesOf = (text: string): readonly string[] => text.split('\n').filter(Boolean);

test('demo produces, reads back and finds every record again, by id', async () => {
  const args = ['demo', '--count', '3000', '--rate', 'max', '--output', 'json', '--seed', '5'];
  const { code, out } = await fraudstream(args);
  const { reconciliation, delivery, seed } = JSON.parse(out);
  assert.equal(seed, 5);
  assert.equal(delivery.accepted, 3000);
  assert.deepEqual(
    [reconciliation.produced, reconciliation.consumed, reconciliation.missing],
    [3000, 3000, 0],
  );
  assert.equal(code, 0);
});

test('demo holds against a stream that throttles, fails and cuts connections', async () => {
  const faults = ['throttle:0.2', 'fail:0.1', 'reset-after:0.1', 'short:0.1'];
  const flags = faults.flatMap((fault) => ['--fault', fault]);
  const { code, out } = await fraudstream(['demo', '--count', '2000', '--rate', 'max', ...flags]);
  assert.match(out, /2,000 produced = 2,000 consumed \+ 0 missing/);
  assert.match(out, /user records after ProvisionedThroughputExceededException/);
  assert.equal(code, 0);
});

test('generate: same seed, same bytes; labels beside or inside, never by default', async () => {
  const args = ['generate', '--count', '400', '--seed', '9', '--fraud-rate', '20%'];
  const [first, second] = [await fraudstream(args), await fraudstream(args)];
  assert.equal(first.out, second.out);
  assert.equal(linesOf(first.out).length, 400);
  assert.doesNotMatch(first.out, /is_fraud/);
  assert.notEqual((await fraudstream([...args, '--seed', '10'])).out, first.out);

  const inline = linesOf((await fraudstream([...args, '--labels', 'inline'])).out);
  const frauds = inline.filter((line) => JSON.parse(line).is_fraud === true);
  assert.ok(frauds.length > 0);

  const file = join(folder, 'day.ndjson');
  await fraudstream([...args, '--out', file, '--labels', 'sidecar']);
  assert.equal(await readFile(file, 'utf8'), first.out);
  const labels = linesOf(await readFile(join(folder, 'day.labels.ndjson'), 'utf8'));
  assert.equal(labels.length, 400);
  assert.equal(labels.filter((line) => JSON.parse(line).is_fraud).length, frauds.length);
  const lost = await fraudstream([...args, '--labels', 'sidecar']);
  assert.equal(lost.code, 2);
  assert.match(lost.err, /--labels sidecar needs --out/);
});

test('consume goes on where its checkpoint ended, and no record comes twice', async () => {
  const count = 1_000;
  const input = (await fraudstream(['generate', '--count', String(count), '--seed', '3'])).out;
  const flags = ['--stream', 'checked', '--input', '-', '--rate', 'max'];
  assert.equal((await fraudstream(['produce', ...flags], there(), input)).code, 0);
  const reading = [
    ...['consume', '--stream', 'checked', '--from', 'trim-horizon'],
    ...['--checkpoint', join(folder, 'checked.checkpoint'), '--idle-timeout', '1s'],
  ];
  const parts: string[] = [];
  for (const most of ['1', '333', '400']) {
    parts.push((await fraudstream([...reading, '--count', most], there())).out);
  }
  parts.push((await fraudstream(reading, there())).out);
  assert.deepEqual(
    parts.map((part) => linesOf(part).length),
    [1, 333, 400, count - 734],
  );
  assert.deepEqual([...linesOf(parts.join(''))].sort(), [...linesOf(input)].sort());
  const other = await fraudstream([...reading, '--stream', 'transactions'], there());
  assert.equal(other.code, 65);
  assert.match(other.err, /belongs to stream "checked"/);
});

test('consume --metadata tells where each record lay', async () => {
  await fraudstream(['produce', '--count', '50', '--rate', 'max', '--seed', '4'], there());
  const flags = ['--from', 'trim-horizon', '--count', '50', '--metadata'];
  const { out } = await fraudstream(['consume', ...flags], there());
  const records = linesOf(out).map((line) => JSON.parse(line));
  assert.equal(records.length, 50);
  for (const record of records) {
    assert.equal(JSON.parse(record.data).card_id, record.partition_key);
    assert.match(record.shard_id, /^shardId-\d{12}$/);
    assert.ok(record.is_in_range);
    assert.ok(Date.parse(record.arrived_at) > 0);
  }
});

test('up prints one line of JSON when it is ready, serves, and ends on a signal', async () => {
  const run = start(['up', '--streams', 'transactions:4', '--streams', 'verdicts:2']);
  await run.says(/Ready/);
  const [line] = await run.says(/^\{.*\}$/m);
  const { kinesis: url, region, streams } = JSON.parse(line);
  assert.deepEqual(streams, { transactions: 4, verdicts: 2 });
  assert.equal(region, 'us-east-1');
  const args = ['produce', '--stream', 'verdicts', '--kinesis-endpoint-url', url, '--count', '10'];
  assert.equal((await fraudstream(args, local)).code, 0);
  const refused = await fraudstream(['up', '--port', new URL(url).port]);
  assert.equal(refused.code, 2);
  assert.match(refused.err, /Port \d+ cannot be taken/);
  run.child.kill('SIGINT');
  const ended = await run.ended;
  assert.equal(ended.code, 130);
  assert.equal(linesOf(ended.out).length, 1);
});

test('doctor finds a stream in order, and names what is missing', async () => {
  const good = await fraudstream(['doctor'], there());
  assert.match(good.out, /✓ shards +4 open/);
  assert.equal(good.code, 0);
  const bad = await fraudstream(['doctor', '--stream', 'nowhere'], there());
  assert.match(bad.out, /✗ .*\n.*Stream "nowhere" was not found/);
  assert.equal(bad.code, 69);
  const poor = await fraudstream(['doctor'], { AWS_REGION: 'us-east-1' });
  assert.match(poor.out, /No AWS credentials were found/);
  assert.equal(poor.code, 77);
});
