import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { embeddedSettings } from '../../dist/emulators/kinesis/embedded-client.js';
import type {
  EmbeddedKinesis,
  EmbeddedKinesisSettings,
} from '../../dist/emulators/kinesis/embedded-kinesis.js';
import {
  type FanOutReader,
  type FanOutSettings,
  openFanOut,
} from '../../dist/kinesis/client/fan-out.js';
import { streamClient } from '../../dist/kinesis/client/stream-client.js';
import { type ConsumeSettings, consume } from '../../dist/kinesis/consumer/consume.js';
import { systemClock } from '../../dist/runtime.js';
import type { Clock } from '../../dist/stream/clock.js';
import { type Answer, call, consumersOf, started } from '../support/embedded.ts';
import { subscriptionFaults, subscriptionRelay } from '../support/subscription-relay.ts';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const StreamName = 'transactions';
const StreamARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`;
const shardId = (number: number): string => `shardId-${String(number).padStart(12, '0')}`;
const unstopped = new AbortController().signal;
const closing: (() => Promise<unknown>)[] = [];
after(() => Promise.all(closing.map((close) => close())));

/** Subscriptions that end often, and may be made anew at once. */
const subscriptions = { lifeMs: 300, heartbeatMs: 50, exclusiveMs: 0 };

async function kinesisWith(settings: EmbeddedKinesisSettings = {}): Promise<EmbeddedKinesis> {
  return started({ transitionMs: 0, subscriptions, streams: { [StreamName]: 2 }, ...settings });
}

async function readerOf(
  url: string,
  more: Partial<FanOutSettings> = {},
  clock: Clock = systemClock,
  stop: AbortSignal = unstopped,
): Promise<FanOutReader> {
  const settings = { ...embeddedSettings(StreamName, url), consumerName: 'reader', ...more };
  const client = await streamClient(settings);
  const reader = await openFanOut(settings, client, { clock, stop });
  closing.push(async () => {
    await reader.close().catch(() => undefined);
    client.close();
  });
  return reader;
}

const putIds = async (kinesis: EmbeddedKinesis, from: number, to: number): Promise<void> => {
  const Records = Array.from({ length: to - from }, (_, index) => ({
    PartitionKey: `key ${(from + index) % 50}`,
    Data: Buffer.from(String(from + index)).toString('base64'),
  }));
  assert.equal((await call(kinesis, 'PutRecords', { StreamName, Records })).status, 200);
};

const reading: ConsumeSettings = { from: 'trim-horizon', limit: 10_000, pollIntervalMs: 1 };

/** The ids of so many records, in the order of reading. */
async function idsOf(
  reader: FanOutReader,
  count: number,
  more: Partial<ConsumeSettings> = {},
  onBatch: (read: number) => void | Promise<void> = () => undefined,
): Promise<number[]> {
  const ids: number[] = [];
  const dependencies = { clock: systemClock, stop: unstopped };
  for await (const { records } of consume(reader.client, dependencies, {
    ...reading,
    count,
    ...more,
  })) {
    ids.push(...records.map(({ data }) => Number(Buffer.from(data).toString())));
    await onBatch(ids.length);
  }
  return ids;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, id) => id);
const sorted = (ids: readonly number[]): number[] => [...ids].sort((a, b) => a - b);

function assertInOrder(ids: readonly number[]): void {
  const last = new Map<number, number>();
  for (const id of ids) {
    assert.ok(id > (last.get(id % 50) ?? -1), `${id} came out of order`);
    last.set(id % 50, id);
  }
}

test('by fan-out each record is read once, in the order of its key, while subscriptions end and shards change', async () => {
  const kinesis = await kinesisWith();
  const reader = await readerOf(kinesis.url);
  const reshard = async (): Promise<void> => {
    const NewStartingHashKey = String(2n ** 125n);
    await call(kinesis, 'SplitShard', { StreamName, ShardToSplit: shardId(0), NewStartingHashKey });
    await putIds(kinesis, 800, 1_200);
    const ShardToMerge = shardId(3);
    await call(kinesis, 'MergeShards', {
      StreamName,
      ShardToMerge,
      AdjacentShardToMerge: shardId(1),
    });
    await putIds(kinesis, 1_200, 1_600);
  };
  await putIds(kinesis, 0, 400);
  const late = (async () => {
    // Longer than a subscription lives.
    await systemClock.sleep(subscriptions.lifeMs * 2);
    await putIds(kinesis, 400, 800);
    await reshard();
  })();
  const ids = await idsOf(reader, 1_600);
  await late;
  assert.deepEqual(sorted(ids), upTo(1_600));
  assertInOrder(ids);
});

for (const fault of subscriptionFaults) {
  test(`a subscription with the fault ${fault} is made anew where it was: nothing lost, nothing twice`, async () => {
    const kinesis = await kinesisWith({
      subscriptions: { lifeMs: 300_000, heartbeatMs: 50, exclusiveMs: 0 },
    });
    const relay = await subscriptionRelay(kinesis.url, (subscription) =>
      subscription <= 4 ? fault : undefined,
    );
    await putIds(kinesis, 0, 200);
    const reader = await readerOf(relay.url, { silenceMs: 400, requestTimeoutMs: 20_000 });
    let put = 200;
    const ids = await idsOf(reader, 1_000, {}, async (read) => {
      if (put >= 1_000 || read < put) return;
      await putIds(kinesis, put, put + 200);
      put += 200;
    });
    assert.deepEqual(sorted(ids), upTo(1_000));
    assertInOrder(ids);
    assert.ok(relay.subscriptions() > 4, `only ${relay.subscriptions()} subscriptions`);
  });
}

test('a reading ends when its subscriptions fail for ever', async () => {
  const kinesis = await kinesisWith();
  const relay = await subscriptionRelay(kinesis.url, () => 'html');
  const reader = await readerOf(relay.url);
  // Its waits are passed over: twenty tries would take more than a minute.
  const clock = { now: systemClock.now, sleep: () => new Promise<void>(setImmediate) };
  const all = async (): Promise<void> => {
    for await (const _ of consume(reader.client, { clock, stop: unstopped }, reading));
  };
  await assert.rejects(all(), { code: 'unreachable', message: /could not be read 20 times/ });
});

test('a reading begins where it is asked to: latest, a time, a sequence number, positions', async () => {
  const kinesis = await kinesisWith({ streams: { [StreamName]: 1 } });
  await putIds(kinesis, 0, 10);
  const reader = await readerOf(kinesis.url);
  const all: { sequenceNumber: string; arrivedAt: number }[] = [];
  const dependencies = { clock: systemClock, stop: unstopped };
  for await (const { records } of consume(reader.client, dependencies, { ...reading, count: 10 }))
    all.push(...records);
  const [, , , fourth] = all;
  const sequenceNumber = fourth?.sequenceNumber ?? '';
  // A position names the last record that was dealt with.
  const positions = new Map([[shardId(0), { sequenceNumber, subSequenceNumber: 0 }]]);
  assert.deepEqual(await idsOf(reader, 6, { positions }), [4, 5, 6, 7, 8, 9]);
  const from = { timestamp: fourth?.arrivedAt ?? 0 };
  assert.ok((await idsOf(reader, 6, { from })).length > 0);
  let hasBegun = false;
  const batches = consume(reader.client, dependencies, {
    ...reading,
    from: 'latest',
    count: 5,
    yieldsEmptyReads: true,
  });
  const ids: number[] = [];
  for await (const { records } of batches) {
    ids.push(...records.map(({ data }) => Number(Buffer.from(data).toString())));
    // The first event, without records, proves that the end of the shard was found.
    if (!hasBegun) await putIds(kinesis, 100, 105);
    hasBegun = true;
  }
  assert.deepEqual(ids, [100, 101, 102, 103, 104]);
});

test('a reading ends after the idle time, when every shard was found empty', async () => {
  const kinesis = await kinesisWith();
  await putIds(kinesis, 0, 100);
  const reader = await readerOf(kinesis.url);
  const ids = await idsOf(reader, 1_000, { idleMs: 200 });
  assert.deepEqual(sorted(ids), upTo(100));
});

const register = (kinesis: EmbeddedKinesis, ConsumerName: string): Promise<Answer> =>
  call(kinesis, 'RegisterStreamConsumer', { StreamARN, ConsumerName });

test('a consumer that was there is used and stays; one that was registered is removed', async () => {
  const kinesis = await kinesisWith();
  await register(kinesis, 'there');
  const [known, own] = [
    await readerOf(kinesis.url, { consumerName: 'there' }),
    await readerOf(kinesis.url, { consumerName: 'own' }),
  ];
  assert.deepEqual([known.consumer.isOwn, own.consumer.isOwn], [false, true]);
  assert.deepEqual(await consumersOf(kinesis, StreamARN), ['own', 'there']);
  await known.close();
  await own.close();
  assert.deepEqual(await consumersOf(kinesis, StreamARN), ['there']);
});

/** A clock whose waits are passed over. */
function hastyClock(): Clock {
  let ahead = 0;
  return {
    now: () => systemClock.now() + ahead,
    sleep: async (ms) => {
      ahead += ms;
      await new Promise(setImmediate);
    },
  };
}

test('a stream without room for a consumer, and a consumer that never becomes ACTIVE, end the start with what to do', async () => {
  const full = await kinesisWith();
  for (let index = 0; index < 20; index += 1) await register(full, `c-${index}`);
  await assert.rejects(readerOf(full.url, {}, hastyClock()), {
    code: 'unreachable',
    message: /takes no further consumer .*--consumer-name/,
  });
  const slow = await kinesisWith({ transitionMs: 3_600_000 });
  await assert.rejects(readerOf(slow.url, {}, hastyClock()), {
    code: 'unreachable',
    message: /Consumer "reader" is CREATING, not ACTIVE, after 60 s/,
  });
  // It was registered for nothing.
  const { body } = await call(slow, 'ListStreamConsumers', { StreamARN });
  assert.deepEqual(
    (body.Consumers as { ConsumerStatus: string }[]).map(({ ConsumerStatus }) => ConsumerStatus),
    ['DELETING'],
  );
});

test('a stop while a consumer is not ACTIVE yet removes it', async () => {
  const kinesis = await kinesisWith({ transitionMs: 3_600_000 });
  const stop = new AbortController();
  const opening = readerOf(kinesis.url, {}, systemClock, stop.signal);
  const rejected = assert.rejects(opening, { code: 'stopped' });
  while ((await consumersOf(kinesis, StreamARN)).length === 0) await new Promise(setImmediate);
  stop.abort();
  await rejected;
  const { body } = await call(kinesis, 'ListStreamConsumers', { StreamARN });
  assert.equal((body.Consumers as { ConsumerStatus: string }[])[0]?.ConsumerStatus, 'DELETING');
});

test('two readers of one consumer: the first ends and says what to do', async () => {
  const kinesis = await kinesisWith({
    streams: { [StreamName]: 1 },
    subscriptions: { lifeMs: 300_000, heartbeatMs: 50, exclusiveMs: 0 },
  });
  await register(kinesis, 'shared');
  await putIds(kinesis, 0, 10);
  const first = await readerOf(kinesis.url, { consumerName: 'shared' });
  const second = await readerOf(kinesis.url, { consumerName: 'shared' });
  let other: Promise<number[]> | undefined;
  await assert.rejects(
    idsOf(first, 1_000, {}, () => {
      other ??= idsOf(second, 10);
    }),
    { code: 'bad-config', message: /Another process subscribed as consumer "shared"/ },
  );
  assert.deepEqual(sorted((await other) ?? []), upTo(10));
});

test('a consumer that is deregistered while it is read ends the reading, and says so', async () => {
  const kinesis = await kinesisWith();
  await putIds(kinesis, 0, 10);
  const reader = await readerOf(kinesis.url);
  const ConsumerARN = reader.consumer.arn;
  await assert.rejects(
    idsOf(reader, 1_000, {}, async () => {
      await call(kinesis, 'DeregisterStreamConsumer', { ConsumerARN });
    }),
    { code: 'not-found', message: /Consumer "reader" .* deregister it/ },
  );
});
