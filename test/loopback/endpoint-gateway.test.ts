import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Asked, ask, started } from '../support/endpoints.ts';

const json = { 'content-type': 'application/json' };

test('API Gateway: CSV in, CSV out; JSON in, JSON out; with and without a stage', async () => {
  const endpoint = await started();
  const wanted = (await ask(endpoint)).text;
  const body = JSON.stringify({ instances: [{ features: [1, 2, null, 0.5] }] });
  for (const path of ['/score', '/prod/score']) {
    assert.equal((await ask(endpoint, { path })).text, wanted);
    const { text } = await ask(endpoint, { path, headers: json, body });
    const { predictions } = JSON.parse(text);
    assert.equal(Math.fround(Number(wanted)), predictions[0].score);
    const asCsv = await ask(endpoint, { path, headers: { ...json, accept: 'text/csv' }, body });
    assert.equal(asCsv.text, wanted);
  }
});

const missing = /Missing Authentication Token/;
const gateway: readonly (readonly [string, Asked, string, number, RegExp])[] = [
  ['another resource', { path: '/prod/other' }, '', 403, missing],
  ['another method', { path: '/score', method: 'GET' }, '', 403, missing],
  ['no key', { path: '/score' }, '', 403, /"Forbidden"/],
  ['a wrong key', { path: '/score', headers: { 'x-api-key': 'k3' } }, '', 403, /"Forbidden"/],
  ['the right key', { path: '/score', headers: { 'x-api-key': 'k2' } }, '', 200, /^0\./],
  [
    'a body above 10 MB',
    { path: '/score', headers: { 'x-api-key': 'k1' }, body: new Uint8Array(11_000_000) },
    '',
    413,
    /"Request Too Long"/,
  ],
  [
    'a wrong row',
    { path: '/score', headers: { 'x-api-key': 'k1' }, body: '1,2,3,4,5' },
    '',
    424,
    /"OriginalStatusCode":400/,
  ],
  [
    'throttling behind it',
    { path: '/score', headers: { 'x-api-key': 'k1' } },
    'throttle=1',
    429,
    /"Too Many Requests"/,
  ],
  [
    'a model that is not ready',
    { path: '/score', headers: { 'x-api-key': 'k1' } },
    'not-ready=1m',
    429,
    /being loaded/,
  ],
  [
    'a failure behind it',
    { path: '/score', headers: { 'x-api-key': 'k1' } },
    'http530=1',
    503,
    /"Service Unavailable"/,
  ],
  [
    'no answer in time',
    { path: '/score', headers: { 'x-api-key': 'k1' } },
    'hang=1',
    504,
    /"Endpoint request timed out"/,
  ],
  [
    'an answer too late',
    { path: '/score', headers: { 'x-api-key': 'k1' } },
    'latency=20s',
    504,
    /timed out/,
  ],
];
for (const [what, asked, faults, status, text] of gateway) {
  test(`API Gateway: ${what} is answered with ${status}`, async () => {
    const endpoint = await started(faults, { apiKeys: ['k1', 'k2'], gatewayTimeoutMs: 5 });
    const answer = await ask(endpoint, asked);
    assert.equal(answer.status, status);
    assert.match(answer.text, text);
  });
}
