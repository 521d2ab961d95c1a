import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { flinkEngine, startLocalPipeline } from '../../dist/pipeline-test/local-pipeline.js';
import { systemClock } from '../../dist/runtime.js';
import { fraudstream, start } from '../support/fraudstream.ts';
import { folder } from '../support/recordings.ts';

const jar = join(
  import.meta.dirname,
  '..',
  '..',
  'pipeline',
  'flink',
  'target',
  'fraudstream-flink.jar',
);
const hasJava = spawnSync('java', ['-version'], { stdio: 'ignore' }).status === 0;
const isNeeded = process.env.FRAUDSTREAM_REQUIRE_ALL === '1';
const missing = hasJava && existsSync(jar) ? undefined : `there is no Java, or no ${jar}`;
const skip = missing !== undefined && !isNeeded ? missing : false;

/** A busy machine makes no verdict late. */
const patient = ['--late-after', '10m', '--drain', '2m'];

test('without a JDK, --flink says what to install', async () => {
  const { code, err } = await fraudstream(['up', '--flink'], { JAVA_HOME: '/nowhere' });
  assert.equal(code, 78);
  assert.match(err, /needs a JDK 17 or newer: \/nowhere\/bin\/java cannot be started/);
});

test('--flink without an endpoint says how to name one', async () => {
  const { code, err } = await fraudstream(['up', '--flink', '--no-endpoint']);
  assert.equal(code, 2);
  assert.match(err, /no scoring endpoint/);
});

test('a setting of the job that is not sound is told, and nothing is left behind', {
  skip,
}, async () => {
  const { code, err } = await fraudstream(['up', '--flink', '--flink-option', 'capasity:5']);
  assert.equal(code, 78);
  assert.match(err, /capasity is no setting/);
});

test('from the stream through the Flink job to verdicts: all matched, in order', {
  skip,
}, async () => {
  const order = ['--flink-option', 'order:ordered'];
  const up = start(['up', '--streams', 'transactions:2', '--flink', ...order]);
  let out = '';
  up.child.stdout?.on('data', (text: string) => {
    out += text;
  });
  await up.says(/"flink":"RUNNING"/);
  const { kinesis } = JSON.parse(out);
  const env = {
    AWS_ENDPOINT_URL_KINESIS: kinesis,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  const bounds = ['--count', '2k', '--rate', '500/s', '--seed', '7', '--progress', 'none'];
  const run = await fraudstream(['run', ...bounds, ...patient, '--reject-stream', 'rejects'], env);
  assert.match(run.out + run.err, /2,000 of 2,000 acknowledged matched \(100 %\)/);
  assert.match(run.out + run.err, /0 duplicates, 0 contradicting, 0 out of order/);
  assert.equal(run.code, 0);
  up.child.kill('SIGINT');
  assert.equal((await up.ended).code, 130);
});

/** Stands for Java: a job that runs some time before it asks for the shards of its stream. */
const slowJob = `#!/usr/bin/env node
const words = process.argv;
if (words.includes('-version')) console.error('openjdk version "17.0.1"');
else {
  const url = words[words.indexOf('--kinesis-endpoint-url') + 1];
  console.log('{"flink":"RUNNING"}');
  process.on('SIGTERM', () => process.exit());
  setTimeout(read, 300);
  async function read() {
    const { writeFileSync } = await import('node:fs');
    writeFileSync(process.env.READ_PATH, '');
    const headers = { 'x-amz-target': 'Kinesis_20131202.GetShardIterator' };
    for (let shard = 0; shard < 2; shard += 1) await fetch(url, { method: 'POST', headers, body: '{}' });
    setInterval(() => undefined, 1000);
  }
}
`;

test('a local pipeline with the Flink job is ready when the job reads, not when it runs', {
  skip,
}, async () => {
  const home = folder('slow-java');
  const readPath = join(home, 'read');
  await mkdir(join(home, 'bin'), { recursive: true });
  await writeFile(join(home, 'bin', 'java'), slowJob, { mode: 0o755 });
  const env = { ...process.env, JAVA_HOME: home, READ_PATH: readPath };
  const notify = async (): Promise<void> => undefined;
  const dependencies = { env, notify, clock: systemClock, random: () => 0.5 };
  const pipeline = await startLocalPipeline(flinkEngine(new Map(), dependencies), { shards: 2 });
  try {
    assert.ok(existsSync(readPath));
  } finally {
    await pipeline.close();
  }
});

test('run --local --engine flink: the whole pipeline of one command', { skip }, async () => {
  const bounds = ['--count', '1k', '--rate', '500/s', '--seed', '8', '--progress', 'none'];
  // The job must look addresses up where the run takes them from, or its features are others.
  const engine = ['run', '--local', '--engine', 'flink', '--ip-space', 'documentation'];
  const { code, out, err } = await fraudstream([...engine, ...bounds, ...patient]);
  assert.equal(code, 0, err);
  assert.match(out, /1,000 of 1,000 acknowledged matched \(100 %\)/);
  assert.match(
    out,
    /0 of 1,000 scores \(0\.00 %\) differ from the model on the features of the verdict/,
  );
});

test('run --local --engine flink by event time: the job learns the labels that the offline model learns', {
  skip,
}, async () => {
  const [world, count] = [join(folder('flink'), 'world.ndjson'), 1_500];
  const frauds = ['--cards', '50', '--merchants', '100', '--fraud-rate', '0.15', '--seed', '7'];
  const made = ['generate', '--count', String(count), ...frauds, '--out', world];
  assert.equal((await fraudstream([...made, '--labels', 'sidecar', '--manifest', 'none'])).code, 0);
  const engine = ['--local', '--shards', '1', '--engine', 'flink'];
  const order = ['--flink-option', 'feature-order:event-time'];
  const input = ['--input', world, '--labels', world.replace('.ndjson', '.labels.ndjson')];
  const rest = ['--rate', '500/s', '--output', 'json', '--progress', 'none'];
  const { out, err } = await fraudstream(['run', ...engine, ...order, ...input, ...rest]);
  assert.ok(out !== '', err);
  const { features } = JSON.parse(out).parity;
  assert.equal(features.compared, count);
  // None on a machine that keeps up. A job that learnt nothing would differ in most of them; one that is starved reads
  // a label too late.
  assert.ok(features.skewed <= count / 100, `${features.skewed} of ${count} scores differ`);
});

test('run hands settings to the Flink job, whose complaints about them are told', {
  skip,
}, async () => {
  const engine = ['run', '--local', '--engine', 'flink', '--count', '10'];
  const { code, err } = await fraudstream([...engine, '--flink-option', 'feature-order:sideways']);
  assert.equal(code, 78);
  assert.match(err, /feature-order/);
});
