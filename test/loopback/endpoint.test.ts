import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { LocalEndpoint } from '../../dist/emulators/sagemaker/endpoint.js';
import { startEndpoint } from '../../dist/emulators/sagemaker/endpoint.js';
import { type Asked, ask, model, ROW, started } from '../support/endpoints.ts';

const json = { 'content-type': 'application/json' };
const invocations = '/invocations';

test('SageMaker: a request is scored, and headers are those of the runtime', async () => {
  const endpoint = await started();
  const attributes = { 'x-amzn-sagemaker-custom-attributes': 'trace=7' };
  const { status, headers, text } = await ask(endpoint, {
    headers: attributes,
    body: `${ROW}\n${ROW}\n`,
  });
  assert.equal(status, 200);
  assert.match(text, /^(0\.\d+)\n\1\n$/);
  assert.equal(headers.get('content-type'), 'text/csv; charset=utf-8');
  assert.equal(headers.get('x-amzn-invoked-production-variant'), 'AllTraffic');
  assert.equal(headers.get('x-amzn-sagemaker-custom-attributes'), 'trace=7');
  assert.match(
    headers.get('x-amzn-requestid') ?? '',
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  );
});

type Refused = readonly [string, Asked, number, string, RegExp];
const variant = (name: string) => ({ headers: { 'x-amzn-sagemaker-target-variant': name } });
const component = (name: string) => ({ headers: { 'x-amzn-sagemaker-inference-component': name } });
const refused: readonly Refused[] = [
  [
    'an unknown endpoint',
    { path: '/endpoints/x/invocations' },
    400,
    'ValidationError',
    /^Endpoint x of account \d+ not found\.$/,
  ],
  ['an unknown variant', variant('v2'), 400, 'ValidationError', /Variant v2 not found/],
  [
    'a target model',
    { headers: { 'x-amzn-sagemaker-target-model': 'm' } },
    400,
    'ValidationError',
    /serves one model/,
  ],
  [
    'a component where there are none',
    component('c'),
    400,
    'ValidationError',
    /Inference Component c not found/,
  ],
  ['another method', { method: 'GET' }, 404, 'UnknownOperationException', /^$/],
  [
    'another operation',
    { path: '/endpoints/fraud/async-invocations' },
    404,
    'UnknownOperationException',
    /^$/,
  ],
];
for (const [what, asked, status, type, message] of refused) {
  test(`SageMaker: ${what} is refused as ${type}`, async () => {
    const answer = await ask(await started(), asked);
    assert.deepEqual([answer.status, answer.type], [status, type]);
    assert.match(JSON.parse(answer.text).message ?? '', message);
  });
}

test('SageMaker: a variant and an inference component are taken where they exist', async () => {
  const endpoint = await started('', { variants: ['a', 'b'], inferenceComponents: ['c'] });
  const headers = { ...variant('b').headers, ...component('c').headers };
  const answer = await ask(endpoint, { headers });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('x-amzn-invoked-production-variant'), 'b');
  const { status, text } = await ask(endpoint);
  assert.equal(status, 400);
  assert.match(text, /Inference Component Name header is required/);
});

const container: readonly (readonly [string, Asked, number])[] = [
  ['an empty body', { body: '' }, 204],
  ['too many columns', { body: `${ROW},1` }, 400],
  ['an unknown Accept', { headers: { accept: 'image/png' } }, 406],
  ['too large a body', { body: new Uint8Array(7_000_000).fill(0x31) }, 413],
  ['far too large a body', { body: new Uint8Array(11_000_000).fill(0x31) }, 413],
  ['what cannot be read', { body: 'a,b' }, 415],
  ['an unknown Content-Type', { headers: json }, 415],
];
for (const [what, asked, status] of container) {
  test(`the container answers ${what} with ${status}; SageMaker makes a ModelError of it`, async () => {
    const endpoint = await started();
    const bare = await ask(endpoint, { ...asked, path: invocations });
    assert.equal(bare.status, status);
    const wrapped = await ask(endpoint, asked);
    if (status < 300) {
      assert.equal(wrapped.status, status);
      return;
    }
    assert.deepEqual([wrapped.status, wrapped.type], [424, 'ModelError']);
    const { OriginalStatusCode, OriginalMessage, LogStreamArn, Message } = JSON.parse(wrapped.text);
    assert.deepEqual([OriginalStatusCode, OriginalMessage], [status, bare.text]);
    assert.match(Message, new RegExp(`^Received client error \\(${status}\\) from primary`));
    assert.match(
      LogStreamArn,
      /^arn:aws:logs:us-east-1:\d{12}:log-group:\/aws\/sagemaker\/Endpoints\/fraud$/,
    );
  });
}

test('the container keeps its contract: ping, invocations, execution parameters', async () => {
  const endpoint = await started();
  const ping = await ask(endpoint, { method: 'GET', path: '/ping' });
  assert.deepEqual([ping.status, ping.text], [200, '']);
  assert.match((await ask(endpoint, { path: invocations })).text, /^0\.\d+\n$/);
  const { text } = await ask(endpoint, { method: 'GET', path: '/execution-parameters' });
  assert.equal(JSON.parse(text).MaxPayloadInMB, 6);
});

let counted: LocalEndpoint;
before(async () => {
  counted = await started();
});
after(() => counted.close());
test('statistics tell what was asked and answered', async () => {
  await ask(counted, { body: `${ROW}\n${ROW}\n${ROW}` });
  await ask(counted, { path: '/score' });
  await ask(counted, { body: `${ROW},1` });
  await ask(counted, { method: 'GET', path: '/ping' });
  await ask(counted, { path: '/endpoints/x/invocations' });
  const seen = await counted.statistics();
  assert.deepEqual(seen, {
    requests: 4,
    rows: 4,
    answers: { 200: 2, 400: 1, 424: 1 },
    errors: { model400: 1, ValidationError: 1 },
    faults: {},
    inFlight: 0,
    inFlightMost: 1,
  });
  const { text } = await ask(counted, { method: 'GET', path: '/_fraudstream/statistics' });
  assert.deepEqual(JSON.parse(text), seen);
});

test('an unknown address is 404 and says where to read', async () => {
  const { status, text } = await ask(await started(), { path: '/nowhere' });
  assert.equal(status, 404);
  assert.match(text, /docs\/endpoint\.md/);
});

test('a port that is taken, and a model that is none, are said', async () => {
  const port = Number(new URL((await started()).url).port);
  await assert.rejects(startEndpoint({ model, port }), /Port \d+ cannot be taken/);
  await assert.rejects(startEndpoint({ model: Buffer.from('{"a":1}') }), { code: 'bad-data' });
});

test('the model that comes with the package is served unless another is given', async () => {
  const endpoint = await startEndpoint();
  const body = ','.repeat(endpoint.featureNames.length - 1);
  assert.equal((await ask(endpoint, { body })).status, 200);
  await endpoint.close();
  await assert.rejects(endpoint.statistics(), /closed/);
});
