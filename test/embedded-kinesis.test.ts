import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { after, test } from 'node:test';
import {
  type EmbeddedKinesisSettings,
  startEmbeddedKinesis,
} from '../dist/local/embedded-kinesis.js';
import { parseFault } from '../dist/local/fault.js';
import { entries, readAll, type Stand, stand } from './kinesis-http.ts';

const MIB = 1_048_576;
const running: Stand[] = [];
after(() => Promise.all(running.map((one) => one.close())));

async function stood(settings: EmbeddedKinesisSettings = {}): Promise<Stand> {
  const one = await stand(settings);
  running.push(one);
  return one;
}

test('the statistics tell what was asked, taken, refused and kept, inside and over HTTP', async () => {
  const one = await stood();
  await one.call('PutRecords', entries(3, 100));
  await one.call('ListShards', { StreamName: 's' });
  await one.kinesis.setFaults([parseFault('fail:1')]);
  await one.call('PutRecords', entries(2));
  await one.kinesis.setFaults([parseFault('throttle:1')]);
  await one.call('PutRecords', entries(1));
  await one.kinesis.setFaults([parseFault('http503:1')]);
  await one.call('PutRecords', entries(1));
  const expected = {
    requests: { PutRecords: 4, ListShards: 1 },
    faults: { http503: 1 },
    records: 3,
    throttledRecords: 1,
    failedRecords: 2,
    retainedBytes: 3 * (100 + 'key-0'.length),
    trimmedRecords: 0,
  };
  assert.deepEqual(await one.kinesis.statistics(), expected);
  assert.deepEqual((await one.send('GET', '/_fraudstream/statistics')).body, expected);
});

for (const [what, count, bytes, least, most] of [
  // Each request takes a while, in which the shard refills: hence the span.
  ['1000 records a second', 500, 1, 1_000, 1_499],
  ['1 MiB a second', 10, 100_000, 10, 19],
] as const) {
  test(`a shard takes ${what}; of a request beyond it a part is throttled, the rest kept`, async () => {
    const one = await stood({ shardLimits: { recordsPerSecond: 1_000, bytesPerSecond: MIB } });
    let taken = 0;
    for (let turn = 0; turn < 3; turn += 1) {
      const { status, body } = await one.call('PutRecords', entries(count, bytes));
      assert.equal(status, 200);
      taken += count - body.FailedRecordCount;
      for (const { ErrorCode, SequenceNumber } of body.Records) {
        assert.ok(ErrorCode ? !SequenceNumber : SequenceNumber);
        if (ErrorCode) assert.equal(ErrorCode, 'ProvisionedThroughputExceededException');
      }
    }
    assert.ok(taken >= least && taken <= most, `${taken} were taken`);
    assert.equal((await readAll(one)).keys.length, taken);
  });
}

test('what is kept is bounded; a reader whose place was trimmed goes on from the oldest left', async () => {
  const one = await stood({ retainedBytes: 10_000 });
  const first = (await one.call('PutRecords', entries(1, 1_000))).body.Records[0];
  for (let turn = 0; turn < 50; turn += 1) await one.call('PutRecords', entries(4, 995));
  const { retainedBytes, trimmedRecords, records } = await one.kinesis.statistics();
  assert.deepEqual(
    { retainedBytes, trimmedRecords, records },
    {
      retainedBytes: 10_000,
      trimmedRecords: 191,
      records: 201,
    },
  );
  const left = [
    'key-2',
    'key-3',
    ...['key-0', 'key-1', 'key-2', 'key-3'],
    ...['key-0', 'key-1', 'key-2', 'key-3'],
  ];
  for (const ShardIteratorType of ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER']) {
    const from = { ShardIteratorType, StartingSequenceNumber: first.SequenceNumber };
    assert.deepEqual((await readAll(one, from)).keys, left);
  }
});

test('a record larger than all that may be kept is taken and trimmed', async () => {
  const one = await stood({ retainedBytes: 100 });
  assert.equal((await one.call('PutRecords', entries(1, 1_000))).body.FailedRecordCount, 0);
  assert.deepEqual((await readAll(one)).keys, []);
});

test('GetRecords never answers more than 10 MiB, and loses nothing by it', async () => {
  const one = await stood();
  for (let turn = 0; turn < 4; turn += 1) await one.call('PutRecords', entries(9, MIB - 100));
  const { keys, answerBytes } = await readAll(one);
  assert.equal(keys.length, 36);
  assert.deepEqual(
    answerBytes.map((bytes) => Math.floor((bytes - 1) / MIB) < 10),
    [true, true, true, true],
  );
});

test('a client that breaks off in the middle of a request harms no other', async () => {
  const one = await stood();
  const { port } = new URL(one.kinesis.url);
  for (const part of [
    '',
    'POST / HTTP/1.1\r\n',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n{',
  ]) {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(part);
    const answered = one.call('PutRecords', entries(2));
    socket.resetAndDestroy();
    assert.equal((await answered).status, 200);
  }
  assert.equal((await readAll(one)).keys.length, 6);
});

test('what is not JSON, not known or too large is refused, and the connection lives on', async () => {
  const one = await stood();
  const refused = await one.send('POST', '/', '\u0000cbor');
  assert.equal(refused.body.__type, 'SerializationException');
  assert.match(refused.body.message, /CBOR_ENABLED=false/);
  assert.equal((await one.call('Fly', {})).body.__type, 'UnknownOperationException');
  assert.equal((await one.send('POST', '/', ' '.repeat(21 * MIB))).status, 413);
  assert.equal((await one.send('GET', '/_fraudstream/elsewhere')).status, 404);
  assert.equal((await one.call('ListStreams', {})).status, 200);
});

test('a reader that comes with a sequence number of elsewhere is told so, not left waiting', async () => {
  const one = await stood();
  const { body } = await one.call('PutRecords', entries(1));
  const last = body.Records[0].SequenceNumber;
  const higher = last.slice(0, -4) + String(Number(last.slice(-4)) + 1).padStart(4, '0');
  for (const StartingSequenceNumber of [
    higher,
    '49590338271490256608559692538361571095921575989136588898',
    '12',
  ]) {
    const answer = await one.call('GetShardIterator', {
      StreamName: 's',
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
      StartingSequenceNumber,
    });
    assert.equal(answer.body.__type, 'InvalidArgumentException');
    assert.match(answer.body.message, new RegExp(`${StartingSequenceNumber} is not of`));
  }
});

test('close ends with connections that hang, and whoever still asks is told', async () => {
  const one = await stand({ faults: [parseFault('hang:1')] });
  const hung = one.call('PutRecords', entries(1));
  hung.catch(() => undefined);
  while ((await one.kinesis.statistics()).faults.hang !== 1);
  await one.kinesis.close();
  await assert.rejects(hung);
  await assert.rejects(one.kinesis.statistics(), { message: /is closed/ });
  await assert.rejects(one.call('ListStreams', {}), { code: 'ECONNREFUSED' });
  await one.close();
});

test('a port that is taken is a usage error that names it', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  assert.ok(port);
  await assert.rejects(startEmbeddedKinesis({ port }), {
    name: 'FraudstreamError',
    code: 'usage',
    message: new RegExp(`^Port ${port} cannot be used: .*EADDRINUSE`),
  });
  taken.close();
});

for (const [what, settings, message] of [
  ['a stream without shards', { streams: { s: 0 } }, /s.*1 to 10000 shards, not 0/],
  ['a stream of half a shard', { streams: { s: 1.5 } }, /s.*1 to 10000 shards, not 1.5/],
  ['a stream without a name', { streams: { '': 1 } }, /"" is not a stream name/],
  ['a negative retention', { retainedBytes: -1 }, /retainedBytes.*-1/],
  ['a port that cannot be', { port: 65_536 }, /65536/],
] as const) {
  test(`${what} is a usage error`, async () => {
    await assert.rejects(startEmbeddedKinesis(settings), {
      name: 'FraudstreamError',
      code: 'usage',
      message,
    });
  });
}

test('it listens on 127.0.0.1 alone', async () => {
  const one = await stood();
  const { hostname, port } = new URL(one.kinesis.url);
  assert.equal(hostname, '127.0.0.1');
  const others = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address }) => address)
    .filter((address) => address !== '127.0.0.1' && !address.startsWith('fe80'));
  for (const host of [...others, '127.0.0.2']) {
    const socket = connect(Number(port), host);
    await assert.rejects(once(socket, 'connect'), `${host} was answered`);
    socket.destroy();
  }
});
