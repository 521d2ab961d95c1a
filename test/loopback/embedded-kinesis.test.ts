import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { test } from 'node:test';
import { startEmbeddedKinesis } from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { parseFault } from '../../dist/emulators/kinesis/faults.js';
import { FraudstreamError } from '../../dist/errors.js';
import { call, outcomes, put, records, started } from '../support/embedded.ts';
import { moment } from '../support/kinesis-contract.ts';

test('each fault of a request shows as what it is called', async () => {
  const kinesis = await started();
  const with_ = (fault: string) => kinesis.setFaults([parseFault(fault)]);
  await with_('http500:1');
  assert.equal((await put(kinesis, 1)).status, 500);
  await with_('http503:1');
  assert.equal((await put(kinesis, 1)).status, 503);
  await with_('reset:1');
  await assert.rejects(put(kinesis, 1), /fetch failed/);
  assert.equal((await kinesis.statistics()).records, 0, 'none of them took anything');
  await with_('short:1');
  assert.equal(outcomes(await put(kinesis, 3)).length, 2);
  await with_('reset-after:1');
  await assert.rejects(put(kinesis, 1), /fetch failed/);
  await kinesis.setFaults([]);
  assert.equal((await records(kinesis)).length, 4, 'what was taken before the answer was lost');
});

test('a hanging request gets no answer, and those after it do', async () => {
  const kinesis = await started({ faults: [parseFault('hang:1')] });
  const patience = new AbortController();
  const fields = { StreamName: 'transactions' };
  const hanging = call(kinesis, 'PutRecords', fields, patience.signal);
  const end = assert.rejects(hanging, { name: 'AbortError' });
  while (((await kinesis.statistics()).faults.hang ?? 0) < 1) await moment();
  await kinesis.setFaults([]);
  assert.equal((await put(kinesis, 1)).status, 200);
  patience.abort();
  await end;
});

test('throttled and failed entries fail alone, and are counted', async () => {
  const kinesis = await started({
    streams: { transactions: 2 },
    faults: [parseFault('throttle=0:1'), parseFault('fail:0.5')],
  });
  const answer = await put(kinesis, 400);
  const entries = answer.body.Records as { ErrorMessage?: string; ShardId?: string }[];
  const found = outcomes(answer);
  assert.deepEqual([...new Set(found)].sort(), [
    'InternalFailure',
    'ProvisionedThroughputExceededException',
    'ok',
  ]);
  assert.ok(entries.every(({ ShardId }) => ShardId !== 'shardId-000000000000'));
  const failed = found.filter((outcome) => outcome !== 'ok').length;
  assert.equal(answer.body.FailedRecordCount, failed);
  const { records: taken, throttledRecords, failedRecords } = await kinesis.statistics();
  assert.equal(taken + throttledRecords + failedRecords, 400);
  assert.equal(throttledRecords + failedRecords, failed);
});

test('the same seed makes the same troubles of the same requests', async () => {
  const [one, two, other] = await Promise.all(
    [7, 7, 8].map(async (faultSeed) =>
      outcomes(await put(await started({ faults: [parseFault('fail:0.3')], faultSeed }), 200)),
    ),
  );
  assert.deepEqual(one, two);
  assert.notDeepEqual(one, other);
});

test('faults are set and read over HTTP, and a wrong one is refused with the right forms', async () => {
  const kinesis = await started();
  const post = (body: string) =>
    fetch(`${kinesis.url}/_fraudstream/faults`, { method: 'POST', body });
  assert.equal((await post('["fail:1", "latency:p50=1ms,p99=2ms"]')).status, 200);
  const now = await (await fetch(`${kinesis.url}/_fraudstream/faults`)).json();
  assert.deepEqual(now, ['fail:1', 'latency:p50=1ms,p99=2ms']);
  for (const [body, message] of [
    ['["explode:1"]', /"explode:1" is not a fault\. Write throttle:0\.2/],
    ['["fail:2"]', /"fail:2" is not a fault/],
    ['{"fail":1}', /Send a JSON list of faults/],
    ['nonsense', /Send a JSON list of faults/],
  ] as const) {
    const answer = await post(body);
    assert.equal(answer.status, 400, body);
    assert.match(((await answer.json()) as { message: string }).message, message);
  }
  assert.deepEqual(outcomes(await put(kinesis, 2)), ['InternalFailure', 'InternalFailure']);
  const statistics = await (await fetch(`${kinesis.url}/_fraudstream/statistics`)).json();
  assert.deepEqual(statistics, await kinesis.statistics());
});

test('a client that breaks off in the middle harms nobody', async () => {
  const kinesis = await started();
  const port = Number(new URL(kinesis.url).port);
  for (let client = 0; client < 20; client += 1) {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\n{"Stream');
    socket.resetAndDestroy();
  }
  assert.equal((await put(kinesis, 1)).status, 200);
});

test('it ends though requests hang', async () => {
  const kinesis = await started({ faults: [parseFault('hang:1')] });
  const hanging = assert.rejects(put(kinesis, 1), /fetch failed/);
  while (((await kinesis.statistics()).faults.hang ?? 0) < 1) await moment();
  await kinesis.close();
  await hanging;
});

test('a port that is taken is an error of use that names it', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await assert.rejects(
    startEmbeddedKinesis({ port }),
    (error) => error instanceof FraudstreamError && error.message.includes(`Port ${port}`),
  );
  server.close();
});
