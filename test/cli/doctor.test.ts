import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { modelBytes } from '../../dist/model/shipped-model.js';
import { started } from '../support/embedded.ts';
import { started as endpoint } from '../support/endpoints.ts';
import { type Ended, fraudstream, local } from '../support/fraudstream.ts';

interface Changed {
  readonly status: number;
  readonly text: string;
}

/** Changes the answer to an action; undefined leaves it as it is. */
type Change = (action: string, text: string) => Changed | undefined;

const servers: Server[] = [];
const kinesis = await started({ streams: { transactions: 2, verdicts: 1 } });
const env = { ...local, AWS_ENDPOINT_URL_KINESIS: kinesis.url };
let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fraudstream-doctor-'));
});
after(async () => {
  for (const server of servers) server.close();
  await rm(folder, { recursive: true });
});

/** The embedded Kinesis behind a proxy that changes answers. */
async function changed(change: Change): Promise<Readonly<Record<string, string>>> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const action = String(request.headers['x-amz-target']).replace(/^.*\./, '');
    const answer = await fetch(kinesis.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `Kinesis_20131202.${action}`,
        authorization: String(request.headers.authorization),
        'x-amz-date': String(request.headers['x-amz-date']),
      },
      body: Buffer.concat(chunks),
    });
    const text = await answer.text();
    const { status, text: body } = change(action, text) ?? { status: answer.status, text };
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(body);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { ...local, AWS_ENDPOINT_URL_KINESIS: `http://127.0.0.1:${port}` };
}

const everything = ['--verdict-stream', 'verdicts', '--rate', '1k/s', '--endpoint-name', 'fraud'];

test('doctor ticks everything that a run needs, and writes nothing to a stream', async () => {
  const scoring = await endpoint('', { model: modelBytes() });
  const all = { ...env, AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: scoring.url };
  const { code, out, err } = await fraudstream(['doctor', ...everything], all);
  assert.equal(code, 0, out + err);
  for (const line of [
    /^✓ Node\.js +\d/m,
    /^✓ open files +/m,
    /^✓ proxy +none for 127\.0\.0\.1/m,
    /^✓ region +us-east-1/m,
    /^✓ credentials +access key test…st, without an expiry/m,
    /^✓ stream +transactions is ACTIVE, keeps 24 h/m,
    /^✓ clock +/m,
    /^✓ shards +2 open/m,
    /^✓ rate +1,000\/s of 850 bytes need 1 shard of 1 MiB\/s; 2 open/m,
    /^✓ may put +kinesis:PutRecords is allowed; nothing was written/m,
    /^✓ stream +verdicts is ACTIVE/m,
    /^✓ may read +kinesis:GetShardIterator and kinesis:GetRecords are allowed/m,
    /^✓ scoring +SageMaker endpoint fraud scored a row without features: 0\.\d{4} in/m,
    /^\d+ checks: \d+ passed, 0 doubtful, 0 failed$/m,
  ]) {
    assert.match(out, line);
  }
  assert.equal((await kinesis.statistics()).records, 0);
});

test('--output json is one document, ndjson a line for each check', async () => {
  const { code, out } = await fraudstream(['doctor', '--output', 'json'], env);
  assert.equal(code, 0);
  const { passed, exit_code, checks } = JSON.parse(out);
  assert.deepEqual([passed, exit_code], [true, 0]);
  assert.ok(checks.every(({ outcome }: { outcome: string }) => outcome === 'passed'));
  const lines = await fraudstream(['doctor', '--stream', 'nowhere', '--output', 'ndjson'], env);
  assert.equal(lines.code, 69);
  const last = JSON.parse(lines.out.trim().split('\n').at(-1) ?? '');
  assert.equal(last.outcome, 'failed');
  assert.match(last.problem, /"nowhere" was not found/);
});

test('--kinesis-endpoint-url reaches the client', async () => {
  const { code, out } = await fraudstream(['doctor', '--kinesis-endpoint-url', kinesis.url], local);
  assert.equal(code, 0, out);
  assert.match(out, /✓ shards +2 open/);
});

const denied = (action: string): Changed => ({
  status: 400,
  text: JSON.stringify({
    __type: 'AccessDeniedException',
    message: `User: arn:aws:iam::0:user/a is not authorized to perform: kinesis:${action}`,
  }),
});

for (const [action, args] of [
  ['PutRecords', []],
  ['GetRecords', ['--verdict-stream', 'verdicts']],
] as const) {
  test(`without permission for ${action} doctor fails with 77`, async () => {
    const behind = await changed((name) => (name === action ? denied(action) : undefined));
    const { code, out }: Ended = await fraudstream(['doctor', ...args], behind);
    assert.equal(code, 77, out);
    assert.match(out, new RegExp(`^✗ may \\w+ +kinesis:${action} failed\\n +.*${action}`, 'm'));
  });
}

test('a stream that is being made is not ready for a run', async () => {
  const behind = await changed((_, text) =>
    text.includes('"ACTIVE"')
      ? { status: 200, text: text.replace('"ACTIVE"', '"CREATING"') }
      : undefined,
  );
  const { code, out } = await fraudstream(['doctor'], behind);
  assert.equal(code, 69, out);
  assert.match(
    out,
    /^✗ stream +transactions is CREATING.*\n +A run needs an ACTIVE stream\. Wait/m,
  );
});

test('a rate that the shards do not accept is doubtful, with the shards that it needs', async () => {
  const { code, out } = await fraudstream(['doctor', '--rate', '10k/s'], env);
  assert.equal(code, 0, out);
  assert.match(
    out,
    /^! rate +10,000\/s of 850 bytes need 9 shards of 1 MiB\/s; 2 open\n.*--target-shard-count 9/m,
  );
  assert.match(out, /1 doubtful, 0 failed$/m);
});

test('credentials that expire soon are doubtful', async () => {
  const expiry = new Date(Date.now() + 5 * 60_000).toISOString();
  const keys = { Version: 1, AccessKeyId: 'AKIAEXAMPLE', SecretAccessKey: 's', Expiration: expiry };
  const [config, file] = [join(folder, 'config'), join(folder, 'keys.json')];
  await writeFile(file, JSON.stringify({ ...keys, SessionToken: 't' }));
  await writeFile(config, `[default]\nregion = us-east-1\ncredential_process = cat ${file}\n`);
  const { out } = await fraudstream(['doctor'], {
    AWS_CONFIG_FILE: config,
    AWS_ENDPOINT_URL_KINESIS: kinesis.url,
  });
  assert.match(
    out,
    /^! credentials +access key AKIA…LE, expires in \dm\d\ds\n +.*renew them before/m,
  );
});

test('the proxy is that of the address that is called: of partitions, FIPS and dual stack', async () => {
  const env = { ...local, HTTPS_PROXY: 'socks5://a:1' };
  const cases: readonly (readonly [Record<string, string>, string])[] = [
    [{ AWS_REGION: 'cn-north-1' }, 'kinesis.cn-north-1.amazonaws.com.cn'],
    [{ AWS_USE_FIPS_ENDPOINT: 'true' }, 'kinesis-fips.us-east-1.amazonaws.com'],
    [{ AWS_USE_DUALSTACK_ENDPOINT: 'true' }, 'kinesis.us-east-1.api.aws'],
  ];
  for (const [variables, host] of cases) {
    const { out } = await fraudstream(['doctor'], { ...env, ...variables });
    assert.ok(out.includes(`not usable for ${host}\n`), out);
  }
});

test('a proxy that cannot be used is found, and named', async () => {
  const { code, out } = await fraudstream(['doctor'], { ...local, HTTPS_PROXY: 'socks5://a:1' });
  assert.equal(code, 78, out);
  assert.match(
    out,
    /^✗ proxy +not usable for kinesis\.us-east-1\.amazonaws\.com\n +The proxy "socks5:/m,
  );
});
