import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { EmbeddedKinesis } from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { type StreamClient, streamClient } from '../../dist/kinesis/client/stream-client.js';
import { threadedClient } from '../../dist/kinesis/client/threaded-client.js';
import {
  type ConsumeSettings,
  consume,
  type ShardBatch,
} from '../../dist/kinesis/consumer/consume.js';
import { producerDefaults } from '../../dist/kinesis/producer/producer-settings.js';
import { put } from '../../dist/kinesis/producer/put.js';
import { systemClock } from '../../dist/runtime.js';
import type { Due, Receipt, UserRecord } from '../../dist/transactions/user-record.js';
import { call, started } from '../support/embedded.ts';
import {
  always,
  type Cut,
  type Fault,
  type FaultProxy,
  faultProxy,
  faults,
} from '../support/fault-proxy.ts';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const RECORDS = 600;
const TIMEOUT_MS = 400;
const clients: StreamClient[] = [];
after(() => {
  for (const client of clients) client.close();
});

/** Every fault, and the calls in which it is to happen. */
const each = (operation: string, calls: Cut['calls']): readonly (readonly [string, Cut])[] =>
  faults.map((fault) => [fault, { operation, calls, fault }]);
const without =
  (name: string): Extract<Fault, object>['alter'] =>
  (body) =>
    JSON.stringify({ ...JSON.parse(body), [name]: undefined });

interface Scene {
  readonly kinesis: EmbeddedKinesis;
  readonly proxy: FaultProxy;
  readonly settings: Parameters<typeof streamClient>[0];
}

/** A stream of two shards, unless told otherwise, behind a proxy. */
async function scene(cuts: readonly Cut[], filled = RECORDS, shards = 2): Promise<Scene> {
  const kinesis = await started({ streams: { transactions: shards }, transitionMs: 1 });
  await fill(kinesis, 0, filled);
  const proxy = await faultProxy(kinesis.url, cuts);
  const settings = {
    stream: 'transactions',
    region: 'us-east-1',
    endpointUrl: proxy.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxConnections: 4,
    requestTimeoutMs: TIMEOUT_MS,
    connectTimeoutMs: TIMEOUT_MS,
  };
  return { kinesis, proxy, settings };
}

async function fill(kinesis: EmbeddedKinesis, from: number, to: number): Promise<void> {
  for (let first = from; first < to; first += 500) {
    const Records = Array.from({ length: Math.min(500, to - first) }, (_, index) => {
      const id = `${first + index}`;
      return { PartitionKey: id, Data: Buffer.from(id).toString('base64') };
    });
    await call(kinesis, 'PutRecords', { StreamName: 'transactions', Records });
  }
}

const reading: ConsumeSettings = {
  from: 'trim-horizon',
  // A shard needs several answers.
  limit: 100,
  pollIntervalMs: 10,
  idleMs: 300,
};

interface Read {
  readonly batches: readonly ShardBatch[];
  readonly texts: readonly string[];
}

async function readAll(
  settings: Scene['settings'],
  changed: Partial<ConsumeSettings> = {},
  heard: (read: readonly string[]) => Promise<void> | void = () => undefined,
  enough: number = Number.POSITIVE_INFINITY,
): Promise<Read> {
  const client = await streamClient(settings);
  clients.push(client);
  const batches: ShardBatch[] = [];
  const texts: string[] = [];
  const means = { clock: systemClock, stop: new AbortController().signal };
  for await (const batch of consume(client, means, { ...reading, ...changed })) {
    batches.push(batch);
    texts.push(...batch.records.map(({ data }) => Buffer.from(data).toString()));
    await heard(texts);
    if (texts.length >= enough) break;
  }
  return { batches, texts: texts.sort() };
}

const written = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, id) => `${id}`).sort();

for (const operation of ['ListShards', 'GetShardIterator', 'GetRecords']) {
  test(`every fault of one ${operation} is waited out: every record is read once`, async () => {
    await Promise.all(
      each(operation, [operation === 'GetRecords' ? 2 : 1]).map(async ([fault, cut]) => {
        const { proxy, settings } = await scene([cut]);
        const { texts } = await readAll(settings);
        assert.deepEqual(texts, written(RECORDS), fault);
        assert.ok(proxy.calls(operation) > 1, fault);
      }),
    );
  });
}

test('every fault of ListShards after a split is waited out: the children are read', async () => {
  await Promise.all(
    each('ListShards', [2]).map(async ([fault, cut]) => {
      const { kinesis, settings } = await scene([cut]);
      let isSplit = false;
      const { texts } = await readAll(settings, {}, async (read) => {
        if (isSplit || read.length < RECORDS) return;
        isSplit = true;
        await split(kinesis);
        await fill(kinesis, RECORDS, 2 * RECORDS);
      });
      assert.deepEqual(texts, written(2 * RECORDS), fault);
    }),
  );
});

test('a list of shards that lacks the children of a split is asked for again', async () => {
  const stale = {
    alter: (body: string) => {
      const answer = JSON.parse(body);
      return JSON.stringify({ ...answer, Shards: answer.Shards.slice(0, 2) });
    },
  };
  const { kinesis, settings } = await scene([
    { operation: 'ListShards', calls: [2, 3], fault: stale },
  ]);
  await split(kinesis);
  await fill(kinesis, RECORDS, 2 * RECORDS);
  const { texts } = await readAll(settings);
  assert.deepEqual(texts, written(2 * RECORDS));
});

async function split(kinesis: EmbeddedKinesis): Promise<void> {
  const fields = { StreamName: 'transactions', ShardToSplit: 'shardId-000000000000' };
  const NewStartingHashKey = String(2n ** 126n);
  await call(kinesis, 'SplitShard', { ...fields, NewStartingHashKey });
  for (;;) {
    const { body } = await call(kinesis, 'ListShards', { StreamName: 'transactions' });
    if ((body.Shards as readonly object[]).length > 2) return;
    await systemClock.sleep(2);
  }
}

/** Answers that lack what they must have, or have it in another form. */
const lacking: readonly (readonly [operation: string, answer: object | string])[] = [
  ['GetRecords', {}],
  ['GetRecords', { Records: [] }],
  ['GetRecords', { Records: 'none', NextShardIterator: 'x' }],
  ['GetRecords', { Records: [null], NextShardIterator: 'x' }],
  ['GetRecords', { Records: [{ Data: 'MQ==' }], NextShardIterator: 'x' }],
  ['GetRecords', { Records: [{ SequenceNumber: '1' }], NextShardIterator: 'x' }],
  ['GetRecords', { Records: [], NextShardIterator: 5 }],
  ['GetRecords', { Records: [], NextShardIterator: 'x' }],
  ['GetRecords', '[]'],
  ['GetRecords', 'null'],
  ['GetShardIterator', { ShardIterator: '' }],
  ['GetShardIterator', { ShardIterator: 7 }],
  ['ListShards', { Shards: [] }],
  ['ListShards', { Shards: [null] }],
  ['ListShards', { Shards: [{ ShardId: 'shardId-000000000000' }] }],
  ['ListShards', { Shards: {} }],
  ['ListShards', ''],
];

test('an answer that lacks what it must have is a failure, never the end of a shard', async () => {
  await Promise.all(
    lacking.map(async ([operation, answer]) => {
      const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
      const calls = operation === 'GetRecords' ? [2, 3] : [1];
      const { settings } = await scene([{ operation, calls, fault: { alter: () => text } }]);
      const { texts, batches } = await readAll(settings);
      assert.deepEqual(texts, written(RECORDS), `${operation} ${text}`);
      assert.ok(batches.every(({ isEnd }) => !isEnd));
    }),
  );
});

test('a shard is at its end when ListShards says so, where GetRecords names no children', async () => {
  const nameless = { alter: without('ChildShards') };
  const { kinesis, settings } = await scene([
    { operation: 'GetRecords', calls: always, fault: nameless },
  ]);
  await split(kinesis);
  await fill(kinesis, RECORDS, 2 * RECORDS);
  const { texts, batches } = await readAll(settings);
  assert.deepEqual(texts, written(2 * RECORDS));
  const ended = batches.filter(({ isEnd }) => isEnd).map(({ shardId }) => shardId);
  assert.deepEqual(ended, ['shardId-000000000000']);
});

test('an open shard whose answers name no iterator is read on from its position', async () => {
  const { settings } = await scene([
    { operation: 'GetRecords', calls: always, fault: { alter: without('NextShardIterator') } },
  ]);
  const { texts, batches } = await readAll(settings);
  assert.deepEqual(texts, written(RECORDS));
  assert.ok(batches.every(({ isEnd }) => !isEnd));
});

test('a reading of the latest records loses none when an answer names no iterator', async () => {
  const { kinesis, proxy, settings } = await scene(
    [
      {
        operation: 'GetRecords',
        calls: (n) => n > 2,
        fault: { alter: without('NextShardIterator') },
      },
    ],
    RECORDS,
    1,
  );
  const read = readAll(settings, { from: 'latest', idleMs: undefined }, undefined, RECORDS);
  await proxy.reached('GetRecords', 6);
  await fill(kinesis, RECORDS, 2 * RECORDS);
  const { texts } = await read;
  assert.deepEqual(
    texts,
    written(2 * RECORDS).filter((id) => Number(id) >= RECORDS),
  );
});

test('a shard that does not answer is not taken for an idle one', async () => {
  // Both shards brought nothing for longer than the idle time, one because it could not be read.
  const { settings } = await scene([
    { operation: 'GetRecords', calls: (n) => n > 2 && n < 8, fault: 'half-open' },
  ]);
  const { texts } = await readAll(settings, { idleMs: 50 });
  assert.deepEqual(texts, written(RECORDS));
});

test('reading stops at once while answers are pending', async () => {
  for (const operation of ['ListShards', 'GetShardIterator', 'GetRecords']) {
    const { proxy, settings } = await scene([{ operation, calls: always, fault: 'stop' }]);
    const client = await streamClient({ ...settings, requestTimeoutMs: 2 ** 40 });
    clients.push(client);
    const stop = new AbortController();
    void proxy.reached(operation, 1).then(() => stop.abort());
    const means = { clock: systemClock, stop: stop.signal };
    for await (const _ of consume(client, means, { ...reading, idleMs: undefined })) assert.fail();
  }
});

test('a call ends in time while a provider of credentials does not answer', async () => {
  const provider = await faultProxy('http://127.0.0.1:1', [
    { operation: 'GetObject', calls: always, fault: 'half-open' },
  ]);
  const { settings } = await scene([], 0);
  const before = { ...process.env };
  delete process.env.AWS_ACCESS_KEY_ID;
  delete process.env.AWS_PROFILE;
  Object.assign(process.env, { AWS_CONTAINER_CREDENTIALS_FULL_URI: provider.url });
  const client = await streamClient({ ...settings, credentials: undefined });
  clients.push(client);
  const { failure } = await client.put([{ partitionKey: '1', data: Buffer.from('1') }]);
  process.env = before;
  assert.equal(failure?.code, 'Timeout');
  assert.equal(failure?.isFatal, false);
});

test('after every answer that was given up its connection is closed', async () => {
  const { proxy, settings } = await scene([
    { operation: 'GetRecords', calls: (n) => n <= 4, fault: 'endless' },
  ]);
  await readAll(settings);
  assert.ok((await proxy.connections()) <= 4);
});

async function putAll(
  settings: Scene['settings'],
  changed: Partial<typeof producerDefaults> = {},
): Promise<readonly Receipt[]> {
  const client = await threadedClient(settings);
  clients.push(client);
  async function* source(): AsyncGenerator<readonly Due<UserRecord>[]> {
    for (let id = 0; id < RECORDS; id += 1) {
      const record = { id: `${id}`, partitionKey: `${id}`, data: Buffer.from(`${id}`) };
      yield [{ dueAt: systemClock.now(), record }];
    }
  }
  const receipts: Receipt[] = [];
  const means = { clock: systemClock, random: () => 0.5 };
  const unaggregated = { ...producerDefaults, aggregationEnabled: false, collectionMaxCount: 100 };
  const all = put(source(), client, means, { ...unaggregated, ...changed });
  for await (const group of all) receipts.push(...group);
  return receipts;
}

for (const operation of ['ListShards', 'PutRecords']) {
  test(`every fault of one ${operation} is waited out: every record is acknowledged`, async () => {
    await Promise.all(
      each(operation, [operation === 'PutRecords' ? 2 : 1]).map(async ([fault, cut]) => {
        const { settings } = await scene([cut], 0);
        const receipts = await putAll(settings);
        assert.equal(new Set(receipts.map(({ id }) => id)).size, RECORDS, fault);
        assert.ok(
          receipts.every(({ isAccepted }) => isAccepted),
          fault,
        );
      }),
    );
  });
}

/** How a fault is counted. */
const known = new Set(['Timeout', 'Connection', 'InvalidResponse', 'ResponseTooLarge']);

test('under every lasting fault of PutRecords every record gets its receipt', async () => {
  await Promise.all(
    each('PutRecords', always).map(async ([fault, cut]) => {
      const { settings } = await scene([cut], 0);
      const receipts = await putAll(settings, { recordTtlMs: 1_000 });
      assert.equal(new Set(receipts.map(({ id }) => id)).size, RECORDS, fault);
      const codes = receipts.flatMap(({ attempts }) => attempts.map(({ errorCode }) => errorCode));
      assert.ok(
        codes.every((code) => known.has(code ?? '')),
        `${fault} ${codes.join()}`,
      );
      assert.ok(
        receipts.every(({ errorCode }) => errorCode === 'Expired'),
        fault,
      );
    }),
  );
});

test('an entry without a sequence number is put again, not acknowledged', async () => {
  const alter = (body: string): string => {
    const answer = JSON.parse(body);
    return JSON.stringify({ ...answer, Records: answer.Records.map(() => ({})) });
  };
  const { settings } = await scene([{ operation: 'PutRecords', calls: [1], fault: { alter } }], 0);
  const receipts = await putAll(settings);
  assert.equal(receipts.length, RECORDS);
  assert.ok(receipts.every(({ isAccepted, sequenceNumber }) => isAccepted && sequenceNumber));
  const codes = receipts.flatMap(({ attempts }) => attempts.map(({ errorCode }) => errorCode));
  assert.ok(codes.includes('InvalidResponse'));
});
