import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { started } from '../support/embedded.ts';
import { always, type Fault, faultProxy, faults } from '../support/fault-proxy.ts';
import { type Ended, fraudstream, local, start } from '../support/fraudstream.ts';

/** CloudFormation, S3 and Managed Flink, as far as they are asked here. */
let service: Server;
let url: string;
let lines: string;
before(async () => {
  lines = (await fraudstream(['generate', '--count', '200', '--seed', '3'])).out;
  service = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.end(request.method === 'GET' ? lines : stack));
  });
  service.listen(0, '127.0.0.1');
  await once(service, 'listening');
  url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
});
after(() => service.close());

const outputs = {
  InputStream: 'transactions',
  VerdictStream: 'verdicts',
  RejectStream: 'rejects',
  ScoreUrl: 'http://127.0.0.1:1/',
  Function: 'f',
};
const members = Object.entries(outputs).map(
  ([key, value]) =>
    `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
);
const stack = `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>p</StackName>
  <StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime>
  <Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
const quick = ['--request-timeout', '500ms'];

async function doctorBehind(
  fault: Fault,
  calls: readonly number[] | typeof always,
): Promise<Ended> {
  const kinesis = await started();
  const proxy = await faultProxy(kinesis.url, [
    { operation: 'DescribeStreamSummary', calls, fault },
  ]);
  return fraudstream(['doctor', ...quick], { ...local, AWS_ENDPOINT_URL_KINESIS: proxy.url });
}

for (const fault of ['stop', 'empty', 'html', 'reset-before'] as const) {
  test(`doctor repeats a DescribeStreamSummary with ${fault}`, async () => {
    const ended = await doctorBehind(fault, [1]);
    assert.equal(ended.code, 0, ended.out);
    assert.match(ended.out, /transactions is ACTIVE/);
  });
}

test('doctor says that a service which always answers {} is not usable', async () => {
  const ended = await doctorBehind('empty', always);
  assert.equal(ended.code, 69, ended.out);
  assert.match(ended.out, /InvalidResponse.*has no StreamStatus/);
});

/** What the SDK repeats. */
const repeated = new Set<Fault>(['stop', 'truncated', 'reset-before', 'reset-after', 'half-open']);
for (const fault of faults) {
  test(`run --stack ends when CloudFormation always fails with ${fault}`, async () => {
    const proxy = await faultProxy(url, [{ operation: 'DescribeStacks', calls: always, fault }]);
    const env = { ...local, AWS_ENDPOINT_URL_CLOUDFORMATION: proxy.url };
    const ended = await fraudstream(['run', '--stack', 'p', '--count', '1', ...quick], env);
    assert.equal(ended.code, 69, ended.err);
    assert.match(ended.err, /Stack "p" could not be read/);
    if (repeated.has(fault)) assert.ok(proxy.calls('DescribeStacks') > 1);
  });
}

/** Whatever is wrong with a download, it ends, and nothing of it is taken for all. */
for (const fault of ['stop', 'truncated', 'half-open', 'garbage', 'reset-after'] as const) {
  test(`an object of S3 with ${fault} ends the run as input that cannot be read`, async () => {
    const proxy = await faultProxy(url, [{ operation: 'GetObject', calls: always, fault }]);
    const env = { ...local, AWS_ENDPOINT_URL_S3: proxy.url };
    const ended = await fraudstream(
      ['produce', '--local', '--input', 's3://bucket/day.ndjson', '--rate', 'max', ...quick],
      env,
    );
    assert.equal(ended.code, 66, ended.err);
    assert.match(ended.err, /s3:\/\/bucket\/day\.ndjson cannot be read/);
  });
}

for (const form of ['plain', 'gzip'] as const) {
  test(`an object of S3 (${form}) that breaks off: each line before the offset named is read, and no other`, async () => {
    const own = (await fraudstream(['generate', '--count', '4000', '--seed', '8'])).out;
    const whole = form === 'gzip' ? gzipSync(own) : Buffer.from(own);
    const broken = createServer((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-length': whole.length });
      response.write(whole.subarray(0, Math.floor(whole.length / 2)), () => response.destroy());
    });
    broken.listen(0, '127.0.0.1');
    await once(broken, 'listening');
    const { port } = broken.address() as AddressInfo;
    const env = { ...local, AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}` };
    const args = ['--to', 'stdout', '--speed', 'max', '--progress', 'none'];
    const ended = await fraudstream(['replay', 's3://bucket/day.ndjson', ...args], env);
    broken.close();
    assert.equal(ended.code, 66, ended.err);
    const [, bytes] = /day\.ndjson cannot be read past byte (\d+): /.exec(ended.err) ?? [];
    const prefix = whole.subarray(0, Number(bytes));
    const text =
      form === 'gzip' && prefix.length > 0
        ? gunzipSync(prefix, { finishFlush: constants.Z_SYNC_FLUSH }).toString()
        : prefix.toString();
    assert.equal(ended.out, text.slice(0, text.lastIndexOf('\n') + 1));
  });
}

test('an object of S3 that is only slow is read', async () => {
  const slow = createServer(async (request, response) => {
    request.resume();
    for (const line of lines.trim().split('\n').slice(0, 5)) {
      response.write(`${line}\n`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    response.end();
  });
  slow.listen(0, '127.0.0.1');
  await once(slow, 'listening');
  const env = {
    ...local,
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${(slow.address() as AddressInfo).port}`,
  };
  const args = ['--input', 's3://bucket/day.ndjson', '--rate', 'max', '--output', 'json'];
  const ended = await fraudstream(
    ['produce', '--local', ...args, '--request-timeout', '900ms'],
    env,
  );
  slow.close();
  assert.equal(ended.code, 0, ended.err);
  assert.equal(JSON.parse(ended.out).delivery.accepted, 5);
});

test('SIGINT ends a run whose input from S3 has stopped', async () => {
  const proxy = await faultProxy(url, [{ operation: 'GetObject', calls: always, fault: 'stop' }]);
  const env = { ...local, AWS_ENDPOINT_URL_S3: proxy.url };
  const args = ['--input', 's3://bucket/day.ndjson', '--rate', 'max', '--request-timeout', '1h'];
  const run = start(['produce', '--local', ...args], env);
  await proxy.reached('GetObject', 1);
  run.child.kill('SIGINT');
  const ended = await run.ended;
  assert.equal(ended.code, 130, ended.err);
});
