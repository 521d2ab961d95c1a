import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  InvokeEndpointCommand,
  type InvokeEndpointCommandInput,
  SageMakerRuntimeClient,
  SageMakerRuntimeServiceException,
} from '@aws-sdk/client-sagemaker-runtime';
import { fixtures, type Running, start } from '../support/fraudstream.ts';
import { folder } from '../support/recordings.ts';

const shell = promisify(execFile);
const python = process.env.FRAUDSTREAM_PYTHON ?? 'python3';
const aws = process.env.FRAUDSTREAM_AWS ?? 'aws';
const script = fileURLToPath(new URL('../../test/python/endpoint_tools.py', import.meta.url));
const keys = {
  AWS_ACCESS_KEY_ID: 'an-id',
  AWS_SECRET_ACCESS_KEY: 'a-secret',
  AWS_REGION: 'eu-west-1',
};
const ROW = '1,2,,0.5';

let service: Running;
let url: string;
let env: Record<string, string | undefined>;
before(async () => {
  const model = join(fixtures, 'model', 'model.ubj');
  service = start(['up', '--model', model, '--endpoint-auth', 'sigv4'], keys);
  const said = JSON.parse(String(await service.says(/^\{.*\}$/m)));
  url = said.endpoint;
  assert.equal(said.endpoint_name, 'fraud');
  env = {
    ...process.env,
    ...keys,
    AWS_DEFAULT_REGION: keys.AWS_REGION,
    AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: url,
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

async function setFaults(text: string): Promise<void> {
  const { status } = await fetch(`${url}/_fraudstream/faults`, { method: 'POST', body: text });
  assert.equal(status, 200);
}

/** Class, code, HTTP status, and the status of the container, where it was the container. */
type Raised = readonly [string, string, number, number | null];
const faults: Readonly<Record<string, Raised>> = {
  'throttle=1': ['ClientError', 'ThrottlingException', 400, null],
  'not-ready=1m': ['ModelNotReadyException', 'ModelNotReadyException', 429, null],
  'http403=1': ['ClientError', 'AccessDeniedException', 403, null],
  'http500=1': ['InternalFailure', 'InternalFailure', 500, null],
  'http503=1': ['ServiceUnavailable', 'ServiceUnavailable', 503, null],
  'http530=1': ['InternalDependencyException', 'InternalDependencyException', 530, null],
  'model500=1': ['ModelError', 'ModelError', 424, 500],
};

test('boto3 invokes the endpoint unchanged, and errors are its exception classes', async (context) => {
  if (!(await has(context, python, ['-c', 'import boto3']))) return;
  const { stdout } = await shell(python, [script], { env });
  const { scores, json, ...seen } = JSON.parse(stdout);
  assert.equal(scores.length, 2);
  assert.equal(json.predictions[0].score, Math.fround(scores[0]));
  assert.deepEqual(seen, {
    variant: 'AllTraffic',
    attributes: 'trace=7',
    contentType: 'text/csv; charset=utf-8',
    'wrong columns': ['ModelError', 'ModelError', 424, 400],
    unparsable: ['ModelError', 'ModelError', 424, 415],
    'unknown endpoint': ['ValidationError', 'ValidationError', 400, null],
    stranger: ['ClientError', 'UnrecognizedClientException', 403, null],
    'wrong secret': ['ClientError', 'InvalidSignatureException', 403, null],
    ...faults,
  });
});

test('the AWS CLI invokes the endpoint unchanged', async (context) => {
  if (!(await has(context, aws, ['--version']))) return;
  const place = folder('endpoint-tools');
  const [from, to] = [join(place, 'rows.csv'), join(place, 'scores.csv')];
  writeFileSync(from, `${ROW}\n3,4,5,6\n`);
  const invoke = (name: string) =>
    shell(
      aws,
      [
        'sagemaker-runtime',
        'invoke-endpoint',
        '--endpoint-name',
        name,
        '--content-type',
        'text/csv',
        '--body',
        `fileb://${from}`,
        '--output',
        'json',
        to,
      ],
      { env },
    );
  const { stdout } = await invoke('fraud');
  assert.deepEqual(JSON.parse(stdout), {
    ContentType: 'text/csv; charset=utf-8',
    InvokedProductionVariant: 'AllTraffic',
    CustomAttributes: 'model_version=7',
  });
  assert.match(readFileSync(to, 'utf8'), /^(0\.\d+\n){2}$/);
  await assert.rejects(
    invoke('nowhere'),
    /ValidationError.*Endpoint nowhere of account \d+ not found/,
  );
});

const client = (secretAccessKey = keys.AWS_SECRET_ACCESS_KEY): SageMakerRuntimeClient =>
  new SageMakerRuntimeClient({
    endpoint: url,
    region: keys.AWS_REGION,
    credentials: { accessKeyId: keys.AWS_ACCESS_KEY_ID, secretAccessKey },
    maxAttempts: 1,
  });
const input: InvokeEndpointCommandInput = {
  EndpointName: 'fraud',
  ContentType: 'text/csv',
  Body: Buffer.from(ROW),
};
async function raised(sdk: SageMakerRuntimeClient): Promise<unknown> {
  try {
    return await sdk.send(new InvokeEndpointCommand(input));
  } catch (error) {
    if (!(error instanceof SageMakerRuntimeServiceException)) throw error;
    const { name, $metadata } = error;
    const original = 'OriginalStatusCode' in error ? error.OriginalStatusCode : null;
    return [name, $metadata.httpStatusCode, original];
  } finally {
    sdk.destroy();
  }
}

test('the AWS SDK for JavaScript invokes the endpoint unchanged, and knows its errors', async () => {
  const sdk = client();
  const { Body, ContentType } = await sdk.send(new InvokeEndpointCommand(input));
  assert.match(Body?.transformToString() ?? '', /^0\.\d+\n$/);
  assert.equal(ContentType, 'text/csv; charset=utf-8');
  sdk.destroy();
  for (const [text, [, code, status, original]] of Object.entries(faults)) {
    await setFaults(text);
    assert.deepEqual(await raised(client()), [code, status, original], text);
  }
  await setFaults('[]');
  assert.deepEqual(await raised(client('wrong')), ['InvalidSignatureException', 403, null]);
});
