import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Running, start } from '../support/fraudstream.ts';

const shell = promisify(execFile);
const python = process.env.FRAUDSTREAM_PYTHON ?? 'python3';
const aws = process.env.FRAUDSTREAM_AWS ?? 'aws';
const script = fileURLToPath(new URL('../../test/python/kinesis_tools.py', import.meta.url));

let service: Running;
let env: Record<string, string | undefined>;
before(async () => {
  service = start(['up', '--streams', 'transactions:4']);
  const { kinesis, region } = JSON.parse(String(await service.says(/^\{.*\}$/m)));
  env = {
    ...process.env,
    AWS_ENDPOINT_URL_KINESIS: kinesis,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
});
after(async () => {
  service.child.kill();
  await service.ended;
});

/** True when a tool of the machine works; where it must and does not, the test fails. */
async function has(context: TestContext, tool: string, args: readonly string[]): Promise<boolean> {
  try {
    await shell(tool, [...args]);
    return true;
  } catch (error) {
    if (process.env.FRAUDSTREAM_REQUIRE_ALL === '1') throw error;
    context.skip(`${tool} ${args.join(' ')} does not work here`);
    return false;
  }
}

test('the AWS CLI works against "fraudstream up" unchanged', async (context) => {
  if (!(await has(context, aws, ['--version']))) return;
  const run = async (...args: string[]): Promise<Record<string, unknown>> => {
    const { stdout } = await shell(aws, ['kinesis', ...args, '--output', 'json'], { env });
    return stdout === '' ? {} : JSON.parse(stdout);
  };
  const stream = ['--stream-name', 'transactions'];
  const { StreamNames } = await run('list-streams');
  assert.deepEqual(StreamNames, ['transactions']);
  const { Shards } = await run('list-shards', ...stream);
  assert.equal(Array.isArray(Shards) && Shards.length, 4);
  const data = Buffer.from('from the AWS CLI').toString('base64');
  const put = await run('put-record', ...stream, '--partition-key', 'card-1', '--data', data);
  const shard = ['--shard-id', String(put.ShardId), '--shard-iterator-type', 'TRIM_HORIZON'];
  const { ShardIterator } = await run('get-shard-iterator', ...stream, ...shard);
  const { Records } = await run('get-records', '--shard-iterator', String(ShardIterator));
  const [record] = Records as readonly { readonly Data: string; readonly SequenceNumber: string }[];
  assert.equal(record?.SequenceNumber, put.SequenceNumber);
  // Version 1 of the CLI takes --data as text, version 2 as base64.
  const asText = Buffer.from(data).toString('base64');
  assert.ok([data, asText].includes(record?.Data ?? ''), record?.Data);
  await assert.rejects(run('describe-stream', '--stream-name', 'nowhere'), /ResourceNotFound/);
});

test('boto3 works against "fraudstream up" unchanged', async (context) => {
  if (!(await has(context, python, ['-c', 'import boto3']))) return;
  const { stdout } = await shell(python, [script, 'boto'], { env });
  const seen = JSON.parse(stdout);
  assert.equal(seen.failed, 0);
  assert.deepEqual(seen.read, Array.from({ length: 50 }, (_, index) => `record ${index}`).sort());
  assert.equal(seen.shards, 4);
  assert.equal(seen.missing, 'ResourceNotFoundException');
  assert.deepEqual(seen.streams, ['boto', 'transactions']);
});
