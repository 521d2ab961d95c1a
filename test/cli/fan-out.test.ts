import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { EmbeddedKinesis } from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { call, consumersOf, started } from '../support/embedded.ts';
import { fraudstream, start } from '../support/fraudstream.ts';

const folder = mkdtempSync(join(tmpdir(), 'fraudstream-fan-out-'));
after(() => rmSync(folder, { recursive: true }));
const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/transactions';

const environment = ({ url }: EmbeddedKinesis): Record<string, string> => ({
  AWS_ENDPOINT_URL_KINESIS: url,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
});

async function kinesisWith(count: number): Promise<EmbeddedKinesis> {
  const kinesis = await started({
    streams: { transactions: 2, verdicts: 1 },
    subscriptions: { heartbeatMs: 100, exclusiveMs: 0 },
  });
  const args = ['produce', '--count', String(count), '--rate', 'max', '--seed', '7'];
  const { code, err } = await fraudstream(args, environment(kinesis));
  assert.equal(code, 0, err);
  return kinesis;
}

const lines = (text: string): string[] => text.trim().split('\n').sort();

test('consume --reader efo reads what polling reads, in parts by checkpoint, and reports the reading latency', async () => {
  const kinesis = await kinesisWith(1_000);
  const env = environment(kinesis);
  const whole = ['consume', '--from', 'trim-horizon', '--idle-timeout', '500ms'];
  const polled = await fraudstream(whole, env);
  const checkpoint = ['--checkpoint', join(folder, 'consume.checkpoint'), '--reader', 'efo'];
  const report = join(folder, 'consume.json');
  const first = await fraudstream([...whole, ...checkpoint, '--count', '300'], env);
  const rest = await fraudstream([...whole, ...checkpoint, '--report', report], env);
  assert.deepEqual([first.code, rest.code], [0, 0], first.err + rest.err);
  assert.equal(lines(first.out).length, 300);
  assert.deepEqual(lines(first.out + rest.out), lines(polled.out));
  assert.match(rest.err, /arrival to reading/);
  const { latency } = JSON.parse(readFileSync(report, 'utf8'));
  assert.equal(latency.reading.count, 700);
  const html = join(folder, 'consume.html');
  const shown = await fraudstream(['report', report, '--report', html]);
  assert.equal(shown.code, 0, shown.err);
  assert.match(readFileSync(html, 'utf8'), /arrival to reading/);
  assert.deepEqual(await consumersOf(kinesis, StreamARN), []);
});

test('Ctrl-C removes the consumer that was registered, and one with a name that was there stays', async () => {
  const kinesis = await kinesisWith(100);
  await call(kinesis, 'RegisterStreamConsumer', { StreamARN, ConsumerName: 'mine' });
  for (const named of [[], ['--consumer-name', 'mine']]) {
    const args = ['consume', '--reader', 'efo', '--from', 'trim-horizon', ...named];
    const running = start(args, environment(kinesis));
    await running.says(/transaction_id/);
    running.child.kill('SIGINT');
    const { code, err } = await running.ended;
    assert.equal(code, 130, err);
    assert.deepEqual(await consumersOf(kinesis, StreamARN), ['mine']);
  }
});

test('record and score --from-stream read by fan-out', async () => {
  const kinesis = await kinesisWith(400);
  const env = environment(kinesis);
  const idle = ['--reader', 'efo', '--idle-timeout', '500ms'];
  const out = join(folder, 'recording.ndjson');
  const recorded = await fraudstream(
    ['record', '--from', 'trim-horizon', ...idle, '--out', out],
    env,
  );
  assert.equal(recorded.code, 0, recorded.err);
  assert.equal(readFileSync(out, 'utf8').trim().split('\n').length, 400);
  const report = join(folder, 'score.json');
  const scored = await fraudstream(
    ['score', '--local', '--from-stream', 'transactions', ...idle, '--report', report],
    env,
  );
  assert.equal(scored.code, 0, scored.err);
  assert.equal(lines(scored.out).length, 400);
  assert.match(scored.err, /arrival to reading/);
  assert.equal(JSON.parse(readFileSync(report, 'utf8')).latency.reading.count, 400);
  assert.deepEqual(await consumersOf(kinesis, StreamARN), []);
});

test('run --local --reader efo gets every verdict', async () => {
  const report = join(folder, 'run.json');
  const pace = ['--rate', '100/s', '--count', '300', '--drain', '40s', '--shards', '2'];
  const args = ['run', '--local', '--reader', 'efo', ...pace, '--seed', '7', '--report', report];
  const { code, err } = await fraudstream(args);
  assert.equal(code, 0, err);
  const { correlation, latency } = JSON.parse(readFileSync(report, 'utf8'));
  assert.deepEqual([correlation.matched, latency.reading.count > 0], [300, true]);
});

test('up --account --tls: the account is in ARNs and STS, and our own reader speaks HTTP/2 over its certificate', async () => {
  const account = '123456789012';
  const up = start(['up', '--account', account, '--tls', '--streams', 'transactions:1']);
  try {
    await up.says(/\n/);
    const { kinesis, certificate } = JSON.parse(up.printed().split('\n')[0] ?? '');
    const env = { ...environment({ url: kinesis } as EmbeddedKinesis), AWS_CA_BUNDLE: certificate };
    const stream = `arn:aws:kinesis:us-east-1:${account}:stream/transactions`;
    const produced = await fraudstream(['produce', '--stream', stream, '--count', '50'], env);
    assert.equal(produced.code, 0, produced.err);
    const reading = ['--from', 'trim-horizon', '--count', '50', '--reader', 'efo'];
    const consumed = await fraudstream(['consume', '--stream', stream, ...reading], env);
    assert.equal(consumed.code, 0, consumed.err);
    assert.equal(lines(consumed.out).length, 50);
    const other = `arn:aws:kinesis:us-east-1:000000000000:stream/transactions`;
    const missing = await fraudstream(['consume', '--stream', other, ...reading], env);
    assert.equal(missing.code, 69, missing.err);
    const identity = request(kinesis, {
      method: 'POST',
      ca: readFileSync(certificate),
      agent: false,
    });
    identity.setHeader('content-type', 'application/x-www-form-urlencoded');
    identity.end('Action=GetCallerIdentity&Version=2011-06-15');
    const [response] = await once(identity, 'response');
    let body = '';
    for await (const chunk of response) body += chunk;
    assert.match(body, /<Account>123456789012<\/Account>/);
  } finally {
    up.child.kill('SIGINT');
    await up.ended;
  }
});

test('--consumer-name without --reader efo is refused', async () => {
  const { code, err } = await fraudstream(['consume', '--consumer-name', 'mine']);
  assert.equal(code, 2);
  assert.match(err, /--reader/);
  const polling = await fraudstream([
    'consume',
    '--region',
    'us-east-1',
    '--reader',
    'polling',
    '--consumer-name',
    'mine',
  ]);
  assert.equal(polling.code, 2);
  assert.match(polling.err, /--consumer-name is "mine", but polling has no consumers/);
});
