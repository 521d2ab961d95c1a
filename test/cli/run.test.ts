import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  type EmbeddedKinesis,
  startEmbeddedKinesis,
} from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { call } from '../support/embedded.ts';
import { type Ended, fraudstream, local, start } from '../support/fraudstream.ts';
import { pipelineStub } from '../support/pipeline-stub.ts';

let kinesis: EmbeddedKinesis;
let folder: string;
before(async () => {
  const streams = { transactions: 2, verdicts: 2, silent: 1, rejects: 1 };
  kinesis = await startEmbeddedKinesis({ streams });
  folder = await mkdtemp(join(tmpdir(), 'fraudstream-run-'));
});
after(async () => {
  await kinesis.close();
  await rm(folder, { recursive: true });
});
const there = (): Record<string, string> => ({ ...local, AWS_ENDPOINT_URL_KINESIS: kinesis.url });

/** A run through a whole pipeline of its own. */
const own = (...flags: readonly string[]): Promise<Ended> =>
  fraudstream(['run', '--local', '--output', 'json', '--progress', 'none', ...flags]);

test("run --local drives a whole pipeline: all match, scores are the model's, the document is filled", async () => {
  const report = join(folder, 'report.json');
  const limits = ['--fail-if', 'matched < 100%', '--fail-if', 'parity.model.skewed > 0'];
  const pace = ['--stages', '500@0 500@2s 1k@2s 1k@3s', '--seed', '4', '--report', report];
  const ended = await own(...pace, ...limits);
  assert.equal(ended.code, 0, ended.err);
  const told = JSON.parse(ended.out);
  assert.deepEqual(JSON.parse(await readFile(report, 'utf8')), told);
  const { correlation, latency, quality, series, stages, outcome, generator } = told;
  assert.equal(correlation.sent, 2_000);
  assert.equal(correlation.matched, 2_000);
  assert.equal(correlation.missing + correlation.unknown + correlation.identical, 0);
  assert.equal(correlation.out_of_order, 0);
  assert.equal(told.parity.model.compared, 2_000);
  assert.equal(told.parity.model.skewed, 0);
  assert.equal(told.parity.features.compared, 2_000);
  // Of four shards, yet as if of one: the engine merges them by event time.
  assert.equal(told.parity.features.skewed, 0);
  assert.equal(quality.labelled, 2_000);
  assert.ok(told.countries.length > 3);
  assert.equal(told.scenarios.length > 0, quality.frauds > 0);
  const sum = (column: readonly number[]): number => column.reduce((all, some) => all + some, 0);
  for (const column of ['due', 'achieved', 'matched']) assert.equal(sum(series[column]), 2_000);
  assert.deepEqual(
    stages.map(({ sent }: { sent: number }) => sent),
    [1_000, 1_000],
  );
  // Warm-up is a second at 500/s.
  assert.ok(latency.end_to_end.count <= 1_500 && latency.from_due.count <= 1_500);
  assert.equal(told.delivery.response.count, latency.from_due.count);
  assert.ok(['nothing', 'generator', 'target'].includes(generator.limited_by));
  assert.deepEqual(outcome, { passed: true, exit_code: 0, reasons: [] });
  assert.deepEqual(
    told.thresholds.map(({ passed }: { passed: boolean }) => passed),
    [true, true],
  );
});

test('what the endpoint refuses is unscored and explained by its dead letters, exit code 75', async () => {
  const ended = await own('--count', '300', '--rate', '300/s', '--endpoint-fault', 'model400=1');
  assert.equal(ended.code, 75, ended.err);
  const {
    correlation,
    unscored_by_kind: kinds,
    rejects_by_reason: reasons,
    outcome,
  } = JSON.parse(ended.out);
  assert.equal(correlation.unscored, 300);
  assert.deepEqual(kinds, [{ code: 'model_error', count: 300 }]);
  assert.deepEqual(reasons, [{ code: 'model_error', count: 300 }]);
  assert.deepEqual(outcome.reasons, [
    '300 verdicts have an error instead of a score (model_error 300)',
  ]);
});

test('a threshold that fails is exit code 99, and is in the report', async () => {
  const ended = await fraudstream([
    ...['run', '--local', '--count', '200', '--rate', '200/s', '--progress', 'none'],
    ...[
      '--warm-up',
      '0s',
      '--fail-if',
      'latency.end_to_end.p50 > 1ms',
      '--fail-if',
      'matched < 100%',
    ],
  ]);
  assert.equal(ended.code, 99, ended.err);
  assert.match(ended.out, /FAILED {2}latency\.end_to_end\.p50 > 1ms {2}\(\S+ m?s\)/);
  assert.match(ended.out, /passed {2}matched < 100% {2}\(100 %\)/);
});

test('a run that is not longer than its warm-up judges no latency, and says so', async () => {
  const ended = await fraudstream([
    ...['run', '--local', '--count', '200', '--rate', '400/s', '--progress', 'none'],
    ...['--fail-if', 'latency.from_due.p50 > 1ms', '--warm-up', '1s'],
  ]);
  assert.equal(ended.code, 0, ended.err);
  assert.match(ended.out, /Warm-up +the run was not longer than --warm-up/);
  assert.match(ended.out, /Generator +NOT MEASURED: no record was due/);
  assert.doesNotMatch(ended.out, /kept its schedule|SATURATED/);
});

test('--abort-on-fail ends a run whose threshold has failed, drains and reports', async () => {
  const limit = ['--fail-if', 'correlation.sent > 100', '--abort-on-fail'];
  const ended = await own('--rate', '200/s', '--duration', '50s', ...limit);
  assert.equal(ended.code, 99, ended.err);
  assert.match(
    ended.err,
    /Threshold failed for 3 s: correlation\.sent > 100 \(\S+\)\. The run ends here/,
  );
  const { correlation } = JSON.parse(ended.out);
  assert.ok(correlation.sent > 100 && correlation.sent < 10_000, `${correlation.sent} sent`);
  assert.equal(correlation.matched, correlation.sent);
});

test('Ctrl-C stops the source, drains and reports, exit code 130', async () => {
  const flags = ['--rate', '300/s', '--live', '0', '--output', 'json', '--progress', 'none'];
  const run = start(['run', '--local', ...flags]);
  const [, url = ''] = await run.says(/Live at (http:\S+\/)/);
  for (let matched = 0; matched === 0; ) {
    const { correlation } = JSON.parse(await (await fetch(`${url}report.json`)).text());
    matched = correlation?.matched ?? 0;
  }
  run.child.kill('SIGINT');
  const ended = await run.ended;
  assert.equal(ended.code, 130, ended.err);
  const { correlation } = JSON.parse(ended.out);
  assert.ok(correlation.sent > 0);
  assert.equal(correlation.matched, correlation.sent);
});

test('verdicts of before the run are not read, and a silent pipeline is told as such', async () => {
  const Data = Buffer.from('{"transaction_id":"OLD"}').toString('base64');
  const Records = [{ PartitionKey: 'old', Data }];
  await call(kinesis, 'PutRecords', { StreamName: 'silent', Records });
  const flags = [
    '--verdict-stream',
    'silent',
    '--count',
    '50',
    '--drain',
    '1s',
    '--progress',
    'none',
  ];
  const ended = await fraudstream(['run', ...flags], there());
  assert.equal(ended.code, 75, ended.err);
  assert.match(ended.out, /50 missing/);
  assert.match(ended.out, /nothing was scored: check --verdict-stream/);
  assert.doesNotMatch(ended.out, /are no verdicts/);
});

test('an input with labels is judged by them, and what is sent again is ours', async () => {
  const args = ['--count', '400', '--seed', '9', '--fraud-rate', '20%', '--labels', 'inline'];
  const { out } = await fraudstream(['generate', ...args]);
  const ids = out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const scores = new Map(
    ids.map(({ transaction_id: id, is_fraud: isFraud }) => [id, isFraud ? 0.9 : 0.1]),
  );
  const names = ['transactions', 'verdicts', 'rejects'] as const;
  const stub = await pipelineStub(kinesis.url, names, scores, {});
  const flags = ['--input', '-', '--rate', 'max', '--reject-stream', 'rejects', '--output', 'json'];
  const twice = `${out}${out.split('\n')[0]}\n`;
  const ended = await fraudstream(['run', ...flags, '--progress', 'none'], there(), twice);
  await stub.close();
  assert.equal(ended.code, 0, ended.err);
  const { quality, correlation } = JSON.parse(ended.out);
  assert.equal(quality.recall, 1);
  assert.equal(quality.precision, 1);
  assert.equal(quality.threshold, 0.5);
  assert.equal(quality.labelled, 400);
  assert.equal(correlation.repeated_ids, 1);
  assert.equal(correlation.identical, 1);
  assert.equal(correlation.ours_twice, 1);
});

test('a stream of verdicts that does not exist ends the run before anything is put', async () => {
  const ended = await fraudstream(['run', '--verdict-stream', 'verdcts', '--count', '9'], there());
  assert.equal(ended.code, 69);
  assert.match(ended.err, /Stream "verdcts" was not found .*Check --verdict-stream and/);
  assert.equal(ended.out, '');
});

test('a transaction is not forgotten before its verdict counts as late', async () => {
  const times = ['--late-after', '20m', '--drain', '0', '--count', '1'];
  for (const more of [[], ['--forget-after', '19m']]) {
    const { code, err } = await fraudstream(['run', '--local', ...times, ...more]);
    assert.equal(code, 2, err);
    assert.match(err, /--forget-after is 1[59]m00s and --late-after is 20m00s: /);
    assert.match(err, /Give --forget-after at least 20m00s/);
  }
});

test('the engine of a local pipeline looks addresses up in the table of the flags', async () => {
  const flags = ['run', '--local', '--ip-space', 'documentation', '--seed', '3', '--count', '200'];
  const pace = ['--rate', '400/s', '--warm-up', '0s', '--output', 'json', '--progress', 'none'];
  const { code, out, err } = await fraudstream([...flags, ...pace]);
  assert.equal(code, 0, err);
  const { compared, skewed } = JSON.parse(out).parity.features;
  assert.deepEqual({ compared, skewed }, { compared: 200, skewed: 0 });
});
