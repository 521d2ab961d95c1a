import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { unzipSync } from 'fflate';
import { type LocalEndpoint, startEndpoint } from '../../../dist/emulators/sagemaker/endpoint.js';
import { loadModel, probability } from '../../../dist/model/model.js';
import { root, shell } from './tools.ts';

const bundler = join(root, 'pipeline', 'infra', 'scripts', 'lambda-zip.js');
const shipped = join(root, 'assets', 'model.ubj');
const fixture = join(root, 'fixtures', 'model', 'model.ubj');
let room = '';
let endpoint: LocalEndpoint;
before(async () => {
  room = await mkdtemp(join(tmpdir(), 'fraudstream-lambda-'));
  endpoint = await startEndpoint({ model: await readFile(fixture) });
});
after(async () => {
  await endpoint.close();
  await rm(room, { recursive: true });
});

/** What a sandbox of Lambda does: the zip unpacked, the handler loaded, an event after another. */
const sandbox = `
const begin = performance.now();
const { handler } = await import(process.argv[1]);
const loadedMs = performance.now() - begin;
const { events } = JSON.parse(await new Response(process.stdin).text());
const results = [];
const at = performance.now();
let firstMs;
for (const event of events) {
  results.push(await handler(event));
  firstMs ??= performance.now() - at;
}
const restMs = performance.now() - at - firstMs;
const mebibytes = process.memoryUsage().rss / 2 ** 20;
process.stdout.write(JSON.stringify({ results, loadedMs, firstMs, restMs, mebibytes }));
`;

interface Seen {
  readonly results: readonly {
    statusCode: number;
    headers: Record<string, string>;
    body: string;
  }[];
  readonly loadedMs: number;
  readonly firstMs: number;
  readonly restMs: number;
  readonly mebibytes: number;
}

async function ran(model: string, events: readonly object[]): Promise<Seen> {
  const zip = join(room, 'lambda.zip');
  await shell(process.execPath, [bundler, model, zip]);
  for (const [name, bytes] of Object.entries(unzipSync(await readFile(zip)))) {
    await writeFile(join(room, name), bytes);
  }
  const { execFile } = await import('node:child_process');
  const args = ['--input-type=module', '-e', sandbox, join(room, 'index.mjs')];
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      args,
      { timeout: 60_000, maxBuffer: 2 ** 26 },
      (error, stdout) => {
        if (error) reject(error);
        else resolve(JSON.parse(stdout));
      },
    );
    child.stdin?.end(JSON.stringify({ events }));
  });
}

/** An event of the Lambda proxy integration of a REST API, as it is documented. */
function event(
  body: string,
  headers: Readonly<Record<string, string>>,
  isBase64Encoded = false,
): object {
  return {
    resource: '/score',
    path: '/score',
    httpMethod: 'POST',
    headers: {
      Host: 'id.execute-api.eu-west-1.amazonaws.com',
      'X-Forwarded-Proto': 'https',
      ...headers,
    },
    multiValueHeaders: {},
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    requestContext: {
      resourcePath: '/score',
      httpMethod: 'POST',
      path: '/prod/score',
      stage: 'prod',
      requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
      identity: { sourceIp: '127.0.0.1', userArn: null },
    },
    body: isBase64Encoded ? Buffer.from(body).toString('base64') : body,
    isBase64Encoded,
  };
}

const fromHex = (text: string): number => Buffer.from(text, 'hex').readFloatBE(0);
const cell = (value: number): string => (Number.isNaN(value) ? '' : String(value));

test('the function gives the scores of the model to the last bit, missing values included', async () => {
  const lines = (await readFile(join(root, 'fixtures', 'model', 'margins.ndjson'), 'utf8'))
    .trim()
    .split('\n');
  const cases = lines.map((line): { row: string[]; margin: string } => JSON.parse(line));
  const rows = cases.map(({ row }) => row.map(fromHex));
  const csv = rows.map((row) => row.map(cell).join(',')).join('\n');
  const { results } = await ran(fixture, [
    event(csv, { 'Content-Type': 'text/csv' }),
    event(JSON.stringify({ instances: rows }), { 'content-type': 'application/json' }),
    event(csv, { 'content-type': 'text/csv', accept: 'text/csv' }, true),
  ]);
  const wanted = cases.map(({ margin }) => probability(fromHex(margin)));
  const [asCsv, asJson, asBase64] = results;
  const scores = (asCsv?.body ?? '').trim().split('\n').map(Number).map(Math.fround);
  assert.deepEqual(scores, wanted);
  const { predictions } = JSON.parse(asJson?.body ?? '');
  assert.deepEqual(
    predictions.map(({ score }: { score: number }) => Math.fround(score)),
    wanted,
  );
  assert.equal(asBase64?.body, asCsv?.body);
});

test('the function answers as the local endpoint does, errors included', async () => {
  const requests: readonly (readonly [string, Record<string, string>])[] = [
    ['1,2,3,4\n,,,', { 'Content-Type': 'text/csv' }],
    ['1,2,3,4', { 'Content-Type': 'text/csv', Accept: 'application/jsonlines' }],
    ['1,2', { 'Content-Type': 'text/csv' }],
    ['a,b,c,d', { 'Content-Type': 'text/csv' }],
    ['{"instances":[]}', { 'Content-Type': 'application/json' }],
    ['not json', { 'Content-Type': 'application/json' }],
    ['1,2,3,4', { 'Content-Type': 'text/plain' }],
    ['1,2,3,4', { 'Content-Type': 'text/csv', Accept: 'image/png' }],
    ['', { 'Content-Type': 'text/csv' }],
  ];
  const { results } = await ran(
    fixture,
    requests.map(([body, headers]) => event(body, headers)),
  );
  for (const [index, [body, headers]] of requests.entries()) {
    const local = await fetch(`${endpoint.url}/score`, { method: 'POST', headers, body });
    const result = results[index];
    const title = `${body} ${JSON.stringify(headers)}`;
    assert.equal(result?.statusCode, local.status, title);
    assert.equal(result?.body, await local.text(), title);
    for (const [name, value] of Object.entries(result?.headers ?? {})) {
      assert.equal(local.headers.get(name), value, `${title} ${name}`);
    }
  }
});

test('another method than POST is no resource', async () => {
  const { results } = await ran(fixture, [{ ...event('', {}), httpMethod: 'GET' }]);
  assert.equal(results[0]?.statusCode, 403);
});

test('the shipped model answers from a cold start well within the time and the memory of the function', async (context) => {
  const { featureNames } = loadModel(await readFile(shipped));
  const row = featureNames.map((_, index) => index / 7).join(',');
  const one = event(row, { 'Content-Type': 'text/csv' });
  const many = Array.from({ length: 1001 }, () => one);
  const { results, loadedMs, firstMs, restMs, mebibytes } = await ran(shipped, many);
  assert.ok(results.every(({ statusCode }) => statusCode === 200));
  const told = { loadedMs, firstMs, laterMs: restMs / 1000, mebibytes };
  context.diagnostic(`code and model ${JSON.stringify(told)}`);
  assert.ok(mebibytes < 256, 'the least memory that the template allows');
});

test('the same sources give the same zip', async () => {
  const [one, two] = [join(room, 'one.zip'), join(room, 'two.zip')];
  for (const zip of [one, two]) await shell(process.execPath, [bundler, shipped, zip]);
  assert.ok((await readFile(one)).equals(await readFile(two)));
});
