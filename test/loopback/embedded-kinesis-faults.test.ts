import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { EmbeddedKinesisSettings } from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { parseFault } from '../../dist/emulators/kinesis/faults.js';
import { entries, readAll, type Stand, stand } from '../support/kinesis-http.ts';

const running: Stand[] = [];
after(() => Promise.all(running.map((one) => one.close())));

async function stood(
  faults: readonly string[],
  settings: EmbeddedKinesisSettings = {},
): Promise<Stand> {
  const one = await stand({ ...settings, faults: faults.map(parseFault) });
  running.push(one);
  return one;
}

/** What the stream holds once its troubles are over. */
async function kept(one: Stand): Promise<number> {
  await one.kinesis.setFaults([]);
  return (await readAll(one)).keys.length;
}

const codes = (body: { Records: { ErrorCode?: string }[] }): readonly (string | undefined)[] =>
  body.Records.map(({ ErrorCode }) => ErrorCode);

for (const [fault, code] of [
  ['throttle:0.5', 'ProvisionedThroughputExceededException'],
  ['fail:0.5', 'InternalFailure'],
] as const) {
  test(`${fault} refuses some entries as ${code}; their neighbours are kept`, async () => {
    const one = await stood([fault]);
    const { status, body } = await one.call('PutRecords', entries(200));
    const failed = codes(body).filter((seen) => seen !== undefined);
    assert.equal(status, 200);
    assert.equal(body.Records.length, 200);
    assert.ok(failed.length > 0 && failed.length < 200);
    assert.ok(failed.every((seen) => seen === code));
    assert.equal(body.FailedRecordCount, failed.length);
    assert.equal(await kept(one), 200 - failed.length);
  });
}

for (const [fault, status, type] of [
  ['throttle:1', 400, 'ProvisionedThroughputExceededException'],
  ['fail:1', 500, 'InternalFailure'],
] as const) {
  test(`${fault} answers a PutRecord with ${status} ${type}, and the statistics count it`, async () => {
    const one = await stood([fault]);
    const record = { StreamName: 's', PartitionKey: 'k', Data: '' };
    const answer = await one.call('PutRecord', record);
    assert.deepEqual([answer.status, answer.body.__type], [status, type]);
    const { records, throttledRecords, failedRecords } = await one.kinesis.statistics();
    assert.equal(records, 0);
    assert.deepEqual([throttledRecords, failedRecords], status === 400 ? [1, 0] : [0, 1]);
    assert.equal(await kept(one), 0);
  });
}

test('throttle=1:1 refuses what is bound for shard 1, and nothing else', async () => {
  const one = await stood(['throttle=1:1'], { streams: { s: 2 } });
  const Records = ['0', String(2n ** 128n - 1n)].map((ExplicitHashKey) => ({
    PartitionKey: 'k',
    ExplicitHashKey,
    Data: '',
  }));
  const { body } = await one.call('PutRecords', { StreamName: 's', Records });
  assert.deepEqual(codes(body), [undefined, 'ProvisionedThroughputExceededException']);
  assert.equal(body.Records[0].ShardId, 'shardId-000000000000');
  assert.match(body.Records[1].ErrorMessage, /shardId-000000000001 in stream s/);
});

for (const [fault, status, type] of [
  ['http500:1', 500, 'InternalFailure'],
  ['http503:1', 503, 'ServiceUnavailable'],
] as const) {
  test(`${fault} answers ${status} ${type} and keeps nothing`, async () => {
    const one = await stood([fault]);
    const { status: seen, body } = await one.call('PutRecords', entries(2));
    assert.deepEqual([seen, body.__type], [status, type]);
    assert.equal(await kept(one), 0);
  });
}

for (const [fault, left] of [
  ['reset:1', 0],
  ['reset-after:1', 2],
] as const) {
  test(`${fault} cuts the connection with ${left === 0 ? 'nothing' : 'everything'} kept`, async () => {
    const one = await stood([fault]);
    await assert.rejects(one.call('PutRecords', entries(2)), { code: 'ECONNRESET' });
    assert.equal(await kept(one), left);
  });
}

test('hang:1 takes the request, keeps nothing and never answers', async () => {
  const one = await stood(['hang:1']);
  const patience = new AbortController();
  const hung = one.call('PutRecords', entries(2), patience.signal);
  hung.catch(() => undefined);
  while ((await one.kinesis.statistics()).faults.hang !== 1);
  // The next request is answered while the first one still waits.
  await one.kinesis.setFaults([]);
  const first = await Promise.race([hung, one.call('PutRecords', entries(3))]);
  assert.equal(first.body.Records.length, 3);
  patience.abort();
  await assert.rejects(hung, { name: 'AbortError' });
  assert.equal(await kept(one), 3);
});

test('short:1 leaves out the first result of PutRecords, and keeps every entry', async () => {
  const one = await stood(['short:1']);
  const { status, body } = await one.call('PutRecords', entries(5));
  assert.equal(status, 200);
  assert.equal(body.Records.length, 4);
  assert.equal(await kept(one), 5);
});

test('a latency holds back each answer; other requests overtake it', async () => {
  const one = await stood(['latency:30s']);
  const slow = one.call('PutRecords', entries(1)).catch((error: Error) => error);
  while ((await one.kinesis.statistics()).requests.PutRecords !== 1);
  await one.kinesis.setFaults([parseFault('latency:1ms')]);
  const fast = await Promise.race([slow, one.call('PutRecords', entries(2))]);
  assert.ok(!(fast instanceof Error));
  assert.equal(fast.body.Records.length, 2);
});

test('troubles are of the data plane: a stream is described in the midst of them', async () => {
  const one = await stood(['http500:1', 'hang:1', 'reset:1', 'latency:30s']);
  const { status } = await one.call('DescribeStreamSummary', { StreamName: 's' });
  assert.equal(status, 200);
});

test('the same seed troubles the same requests again, another one others', async () => {
  const drawn = async (faultSeed: number): Promise<readonly unknown[]> => {
    const one = await stood(['http500:0.3', 'throttle:0.3', 'fail:0.3'], { faultSeed });
    const seen: unknown[] = [];
    for (let turn = 0; turn < 20; turn += 1) {
      const { status, body } = await one.call('PutRecords', entries(10));
      seen.push(status === 200 ? codes(body) : status);
    }
    return seen;
  };
  const first = await drawn(7);
  assert.deepEqual(await drawn(7), first);
  assert.notDeepEqual(await drawn(8), first);
});

test('faults that were posted are in force, and are answered as they were written', async () => {
  const one = await stood(['hang:1']);
  const written = ['fail:1', 'throttle=0:0.25', 'latency:1ms', 'latency:p50=1ms,p99=2ms'];
  const posted = await one.send('POST', '/_fraudstream/faults', JSON.stringify(written));
  assert.deepEqual(posted, { status: 200, body: written });
  assert.deepEqual(await one.send('GET', '/_fraudstream/faults'), { status: 200, body: written });
  const { body } = await one.call('PutRecords', entries(1));
  assert.equal(body.Records[0].ErrorCode, 'InternalFailure');
  await one.send('POST', '/_fraudstream/faults', '[]');
  assert.equal((await one.call('PutRecords', entries(1))).body.FailedRecordCount, 0);
});

for (const [body, message] of [
  ['{"kind":"hang"}', /^Send a JSON list of faults, as \["throttle:0\.2"\]\.$/],
  ['hang:1', /^Send a JSON list of faults/],
  ['', /^Send a JSON list of faults/],
  ['["hang:1","hang:2"]', /^"hang:2" is not a fault\. Write throttle:0\.2, .*hang:0\.01/],
  ['[{"kind":"hang","share":1}]', /^"{"kind":"hang","share":1}" is not a fault\. Write throttle:0/],
  ['[null]', /^"null" is not a fault\./],
] as const) {
  test(`posting ${body || 'nothing'} as faults is refused, and the old ones stay`, async () => {
    const one = await stood(['fail:1']);
    const answer = await one.send('POST', '/_fraudstream/faults', body);
    assert.equal(answer.status, 400);
    assert.match(answer.body.message, message);
    assert.deepEqual((await one.send('GET', '/_fraudstream/faults')).body, ['fail:1']);
  });
}
