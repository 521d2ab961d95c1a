import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Ajv } from 'ajv';
import { type LocalEndpoint, startEndpoint } from '../../../dist/emulators/sagemaker/endpoint.js';
import { parseEndpointFaults } from '../../../dist/emulators/sagemaker/faults/fault-text.js';
import { scoreRequestSchema } from '../lib/scoring/mapping.ts';
import { type CallerAnswer, type CallerRequest, GatewayByTemplate } from './gateway.ts';
import { root } from './tools.ts';

const fixtures = join(root, 'fixtures', 'model');
const fromHex = (text: string): number => Buffer.from(text, 'hex').readFloatBE(0);
const rows: readonly (readonly number[])[] = readFileSync(join(fixtures, 'margins.ndjson'), 'utf8')
  .trim()
  .split('\n')
  .map((line): readonly number[] => JSON.parse(line).row.map(fromHex));
const cell = (value: number): string => (Number.isNaN(value) ? '' : String(value));
const csv = rows.map((row) => row.map(cell).join(',')).join('\n');
const json = JSON.stringify({ instances: rows });
const objects = JSON.stringify({ instances: rows.map((features) => ({ features })) }, null, 2);

let endpoint: LocalEndpoint;
let gateway: GatewayByTemplate;
before(async () => {
  endpoint = await startEndpoint({ model: readFileSync(join(fixtures, 'model.ubj')) });
  gateway = new GatewayByTemplate(endpoint.url);
});
after(() => endpoint.close());

/** The same request to the gateway that the local endpoint has of its own. */
async function direct({ contentType, accept, body }: CallerRequest): Promise<CallerAnswer> {
  const headers = { 'Content-Type': contentType, ...(accept !== undefined && { Accept: accept }) };
  const answer = await fetch(`${endpoint.url}/score`, { method: 'POST', headers, body });
  return {
    status: answer.status,
    contentType: answer.headers.get('content-type') ?? '',
    errorType: answer.headers.get('x-amzn-errortype') ?? '',
    body: await answer.text(),
  };
}

const requests: ReadonlyArray<readonly [string, CallerRequest]> = [
  ['CSV', { contentType: 'text/csv', body: csv }],
  ['CSV with a character set', { contentType: 'text/csv; charset=utf-8', body: csv }],
  ['CSV that wants JSON', { contentType: 'text/csv', accept: 'application/json', body: csv }],
  ['libsvm', { contentType: 'text/libsvm', body: '0 1:0.5 3:2\n0 2:1' }],
  ['JSON of lists', { contentType: 'application/json', body: json }],
  ['JSON of objects, with white space', { contentType: 'application/json', body: objects }],
  ['JSON that takes anything', { contentType: 'application/json', accept: '*/*', body: json }],
  ['JSON that wants CSV', { contentType: 'application/json', accept: 'text/csv', body: json }],
];

for (const [title, request] of requests) {
  test(`through the mapping, ${title} gets the scores that the local endpoint gives, digit by digit`, async () => {
    const answer = await gateway.post(request);
    assert.equal(answer.status, 200, answer.body);
    assert.deepEqual(answer, await direct(request));
  });
}

test('JSON of 5000 rows passes whole', async () => {
  const instances = Array.from({ length: 5000 }, (_, index) => rows[index % rows.length]);
  const body = JSON.stringify({ instances });
  const answer = await gateway.post({ contentType: 'application/json', body });
  assert.equal(JSON.parse(answer.body).predictions.length, 5000);
});

test('another content type is refused with 415', async () => {
  assert.equal((await gateway.post({ contentType: 'text/plain', body: 'x' })).status, 415);
});

const faults: ReadonlyArray<readonly [fault: string, status: number]> = [
  ['throttle=1', 429],
  ['not-ready=10m', 429],
  ['http403=1', 403],
  ['http500=1', 503],
  ['http503=1', 503],
  ['http530=1', 503],
  ['model400=1', 424],
  ['model500=1', 424],
];

for (const [fault, status] of faults) {
  test(`the fault ${fault} of the endpoint reaches the caller as ${status}, as it does locally`, async () => {
    await endpoint.setFaults(parseEndpointFaults(fault));
    const request = { contentType: 'text/csv', body: csv };
    const answer = await gateway.post(request);
    const wanted = await direct(request);
    await endpoint.setFaults([]);
    assert.deepEqual([answer.status, wanted.status], [status, status]);
    assert.deepEqual(JSON.parse(answer.body), JSON.parse(wanted.body));
    // SageMaker's name of a throttle passes; a gateway of its own would say TooManyRequests.
    if (fault !== 'throttle=1') assert.equal(answer.errorType, wanted.errorType);
    else assert.equal(answer.errorType, 'ThrottlingException');
  });
}

test('a wrong row and a wrong endpoint keep their words', async () => {
  // More columns than features; and a form of answer that the containers accept and cannot write.
  for (const [request, status] of [
    [{ contentType: 'text/csv', body: '1'.repeat(500).split('').join(',') }, 400],
    [{ contentType: 'text/csv', accept: 'application/jsonlines', body: csv }, 500],
  ] as const) {
    const wrong = await gateway.post(request);
    assert.equal(wrong.status, 424);
    assert.equal(JSON.parse(wrong.body).OriginalStatusCode, status);
  }
  const other = await startEndpoint({
    name: 'other',
    model: readFileSync(join(fixtures, 'model.ubj')),
  });
  const missing = await new GatewayByTemplate(other.url).post({
    contentType: 'text/csv',
    body: csv,
  });
  await other.close();
  assert.equal(missing.status, 400);
  assert.match(missing.body, /Endpoint fraud of account \d+ not found/);
});

test('the model of the request takes what the mapping can turn into CSV, and nothing else', () => {
  const { $schema: _, ...schema } = scoreRequestSchema as Record<string, unknown>;
  const takes = new Ajv({ allowUnionTypes: true }).compile(schema);
  for (const good of [json, objects])
    assert.ok(takes(JSON.parse(good)), JSON.stringify(takes.errors));
  const bad = [
    {},
    [],
    { instances: [] },
    { instances: [[]] },
    { instances: [['1']] },
    { instances: [[[1]]] },
    { instances: [{ features: [1], id: 'x' }] },
    { instances: [[1]], more: 1 },
    { instances: [{ features: 'null' }] },
  ];
  for (const one of bad) assert.equal(takes(one), false, JSON.stringify(one));
});
