import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  endpointFaultKinds,
  parseEndpointFaults,
} from '../../dist/emulators/sagemaker/faults/fault-text.js';
import { type Answer, ask, ROW, started } from '../support/endpoints.ts';
import { fixtures } from '../support/fraudstream.ts';

const errors: readonly (readonly [string, number, string])[] = [
  ['throttle=1', 400, 'ThrottlingException'],
  ['limit=1/s+0,latency=1ms', 400, 'ThrottlingException'],
  ['workers=schedule(0s:0)', 400, 'ThrottlingException'],
  ['http403=1', 403, 'AccessDeniedException'],
  ['not-ready=1m', 429, 'ModelNotReadyException'],
  ['http500=1', 500, 'InternalFailure'],
  ['http503=1', 503, 'ServiceUnavailable'],
  ['http530=1', 530, 'InternalDependencyException'],
  ['model400=1', 424, 'ModelError'],
  ['model500=1', 424, 'ModelError'],
  ['model-timeout=1', 424, 'ModelError'],
];
for (const [faults, status, type] of errors) {
  test(`${faults} answers ${status} ${type}`, async () => {
    const endpoint = await started(faults);
    if (faults.startsWith('limit')) await ask(endpoint);
    const answer = await ask(endpoint);
    assert.deepEqual([answer.status, answer.type], [status, type]);
    const { errors: counted } = await endpoint.statistics();
    assert.equal(Object.values(counted).at(-1), 1);
  });
}

test('a throttled request has no message, as SageMaker sends it', async () => {
  assert.equal((await ask(await started('throttle=1'))).text, '{"message":null}');
});

for (const [faults, original] of [
  ['model400=1', 400],
  ['model500=1', 500],
  ['model-timeout=1', 0],
] as const) {
  test(`${faults} says that the container answered ${original}`, async () => {
    const { text } = await ask(await started(faults));
    assert.equal(JSON.parse(text).OriginalStatusCode, original);
  });
}

test('a share of requests fails, the others are scored, and the counts are those of the client', async () => {
  const endpoint = await started('http503=0.3,model500=0.2');
  const seen: Answer[] = [];
  for (let time = 0; time < 100; time += 1) seen.push(await ask(endpoint));
  const counts: Record<string, number> = {};
  for (const { status } of seen) counts[status] = (counts[status] ?? 0) + 1;
  assert.deepEqual(Object.keys(counts), ['200', '424', '503']);
  const { answers, requests, rows } = await endpoint.statistics();
  assert.deepEqual(answers, counts);
  assert.deepEqual([requests, rows], [100, counts['200']]);
});

test('the same requests meet the same troubles for the same seed', async () => {
  const statuses = async (faultSeed: number): Promise<readonly number[]> => {
    const endpoint = await started('http500=0.3', { faultSeed });
    const seen: number[] = [];
    for (let time = 0; time < 40; time += 1) seen.push((await ask(endpoint)).status);
    return seen;
  };
  assert.deepEqual(await statuses(3), await statuses(3));
  assert.notDeepEqual(await statuses(3), await statuses(4));
});

for (const faults of ['reset=1', 'truncate=1', 'dead=1m']) {
  test(`${faults} breaks the connection`, async () => {
    const endpoint = await started(faults);
    await assert.rejects(ask(endpoint));
    await endpoint.setFaults([]);
    assert.equal((await ask(endpoint)).status, 200);
  });
}

test('a dead endpoint cuts connections that only open, too', async () => {
  const endpoint = await started('dead=1m');
  const { port } = new URL(endpoint.url);
  const end = await new Promise((resolve) => {
    connect(Number(port), '127.0.0.1')
      .on('error', ({ code }: NodeJS.ErrnoException) => resolve(code))
      .on('close', () => resolve('closed'));
  });
  assert.ok(['ECONNRESET', 'closed'].includes(String(end)), String(end));
});

test('a hanging request is in flight until its client goes', async () => {
  const endpoint = await started('hang=1');
  const leaving = new AbortController();
  const asked = ask(endpoint, { path: '/invocations', signal: leaving.signal });
  while ((await endpoint.statistics()).inFlight === 0);
  leaving.abort();
  await assert.rejects(asked, { name: 'AbortError' });
  while ((await endpoint.statistics()).inFlight > 0);
  const { answers, inFlightMost } = await endpoint.statistics();
  assert.deepEqual([answers, inFlightMost], [{ gone: 1 }, 1]);
});

test('short answers have one score too few', async () => {
  const { text } = await ask(await started('short=1'), { body: `${ROW}\n${ROW}\n${ROW}` });
  assert.equal(text.trimEnd().split('\n').length, 2);
});

for (const [faults, csv, json] of [
  ['nan=1', 'nan\n', '{"predictions": [{"score": NaN}]}'],
  ['missing=1', '\n', '{"predictions": [{}]}'],
] as const) {
  test(`${faults} spoils the score in CSV and JSON`, async () => {
    const endpoint = await started(faults);
    assert.equal((await ask(endpoint)).text, csv);
    assert.equal((await ask(endpoint, { headers: { accept: 'application/json' } })).text, json);
  });
}

for (const header of ['x-amzn-sagemaker-inference-id', 'x-amzn-sagemaker-custom-attributes']) {
  test(`wrong answers for known transactions, known by ${header}`, async () => {
    const endpoint = await started('wrong-ids=ids(T2)');
    const right = Number((await ask(endpoint)).text);
    const headers = { [header]: 'T1,T2,T3' };
    const { text } = await ask(endpoint, { headers, body: `${ROW}\n${ROW}\n${ROW}` });
    const [first, second, third] = text.trimEnd().split('\n').map(Number);
    assert.deepEqual([first, third], [right, right]);
    assert.ok(Math.abs((second ?? 0) + right - 1) < 1e-6);
  });
}

test('workers bound what is done at once: 4 in work, 8 waiting, the rest throttled at once', async () => {
  const endpoint = await started('workers=4,latency=20s');
  const leaving = new AbortController();
  const { signal } = leaving;
  const asked = Array.from({ length: 30 }, () => ask(endpoint, { signal }));
  const ended = Promise.allSettled(asked);
  let seen = await endpoint.statistics();
  while (seen.requests < 30) seen = await endpoint.statistics();
  assert.deepEqual([seen.inFlight, seen.errors], [12, { ThrottlingException: 18 }]);
  leaving.abort();
  await ended;
});

test('faults are set over HTTP: as a list, as one text; a wrong one leaves the old in force', async () => {
  const endpoint = await started();
  const path = '/_fraudstream/faults';
  const set = (body: string) => ask(endpoint, { path, body });
  const one = await set('["throttle=1", "latency=lognormal(1ms,0.5)"]');
  assert.deepEqual(JSON.parse(one.text), ['throttle=1', 'latency=lognormal(1ms,0.5)']);
  assert.equal((await ask(endpoint)).status, 400);
  assert.deepEqual(JSON.parse((await set('http503=1,stall=1ms/1s')).text), [
    'http503=1',
    'stall=1ms/1000ms',
  ]);
  const wrong = await set('["http503=2"]');
  assert.equal(wrong.status, 400);
  assert.match(JSON.parse(wrong.text).message, /^"http503=2" is not a fault/);
  const { text } = await ask(endpoint, { path, method: 'GET' });
  assert.deepEqual(JSON.parse(text), ['http503=1', 'stall=1ms/1000ms']);
  await endpoint.setFaults(parseEndpointFaults(''));
  assert.equal((await ask(endpoint)).status, 200);
});

test('every fault stands in docs/endpoint.md as it is written', () => {
  const docs = readFileSync(join(fixtures, '..', 'docs', 'endpoint.md'), 'utf8');
  const written = [...docs.matchAll(/^\|( `.*?) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([a-z0-9-]+=[^`]+)`/g)].map(([, text = '']) => text),
  );
  const kinds = new Set(written.flatMap(parseEndpointFaults).map(({ kind }) => kind));
  assert.deepEqual([...kinds].sort(), [...endpointFaultKinds].sort());
});
