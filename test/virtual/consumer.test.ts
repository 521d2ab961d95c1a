import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FraudstreamError } from '../../dist/errors.js';
import {
  type ConsumeSettings,
  consume,
  type ShardBatch,
} from '../../dist/kinesis/consumer/consume.js';
import type { Position } from '../../dist/kinesis/read-client.js';
import { aggregate } from '../../dist/kpl/aggregate.js';
import { seeded } from '../support/seeded.ts';
import { SimulatedKinesis } from '../support/simulated-kinesis.ts';
import { type ReadTroubles, simulatedReading } from '../support/simulated-reading.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
const settings: ConsumeSettings = {
  from: 'trim-horizon',
  limit: 10_000,
  pollIntervalMs: 200,
  idleMs: 3_000,
};

interface Scene {
  readonly clock: VirtualClock;
  readonly kinesis: SimulatedKinesis;
  readonly random: () => number;
  /** Batches in the order of reading. */
  readonly batches: ShardBatch[];
  write(from: number, to: number): Promise<void>;
  read(changed?: Partial<ConsumeSettings>, troubles?: ReadTroubles): Promise<void>;
}

function scene(seed: number): Scene {
  const clock = new VirtualClock();
  const random = seeded(seed);
  const kinesis = new SimulatedKinesis(clock, random, [0.2, 0.5, 0.6]);
  const batches: ShardBatch[] = [];
  const stop = new AbortController().signal;
  return {
    clock,
    kinesis,
    random,
    batches,
    async write(from, to) {
      for (let id = from; id < to; id += 1) {
        const partitionKey = `card-${id % 50}`;
        const parts = [0, 1, 2].map((part) => ({
          partitionKey,
          data: Buffer.from(`${id}.${part}`),
        }));
        const entry = {
          partitionKey,
          data: id % 3 === 0 ? Buffer.from(`${id}.0`) : aggregate(parts),
        };
        await kinesis.put([entry]);
      }
    },
    async read(changed = {}, troubles = {}) {
      const client = simulatedReading(kinesis, clock, random, troubles);
      const all = { ...settings, ...changed };
      for await (const batch of consume(client, { clock, stop }, all)) batches.push(batch);
    },
  };
}

const textsOf = (batches: readonly ShardBatch[]): readonly string[] =>
  batches.flatMap((batch) => batch.records.map(({ data }) => Buffer.from(data).toString()));
const written = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from }, (_, index) => from + index).flatMap((id) =>
    id % 3 === 0 ? [`${id}.0`] : [0, 1, 2].map((part) => `${id}.${part}`),
  );

test('every record is read once, each key in its order, while shards split and merge', async () => {
  for (let seed = 1; seed <= 5; seed += 1) {
    const { clock, kinesis, random, batches, write, read } = scene(seed);
    async function work(): Promise<void> {
      await write(0, 200);
      kinesis.split(random());
      await write(200, 400);
      kinesis.merge(random() * 0.9);
      kinesis.split(random());
      await write(400, 600);
    }
    await clock.pass(Promise.all([work(), read()]));
    assertEachOnceInOrder(batches);
    batches.length = 0;
    await clock.pass(read({ limit: 3 }));
    assertEachOnceInOrder(batches);
  }
});

function assertEachOnceInOrder(batches: readonly ShardBatch[]): void {
  assert.deepEqual([...textsOf(batches)].sort(), [...written(0, 600)].sort());
  const last = new Map<string, number>();
  for (const { partitionKey, data } of batches.flatMap((batch) => batch.records)) {
    const id = Number(Buffer.from(data).toString());
    assert.ok(id > (last.get(partitionKey) ?? -1), `${id} out of order`);
    last.set(partitionKey, id);
  }
}

test('expired iterators and throttled reads lose and repeat nothing', async () => {
  const { clock, batches, write, read } = scene(6);
  await clock.pass(write(0, 300));
  await clock.pass(read({ limit: 7, idleMs: 60_000 }, { expired: 0.2, throttled: 0.3 }));
  assert.deepEqual([...textsOf(batches)].sort(), [...written(0, 300)].sort());
});

test('latest reads only what comes after the start, new shards included', async () => {
  const { clock, kinesis, batches, write, read } = scene(7);
  await clock.pass(write(0, 100));
  kinesis.split(0.4);
  await clock.pass(write(100, 150));
  async function work(): Promise<void> {
    await clock.sleep(1_000);
    await write(150, 200);
    kinesis.split(0.9);
    await write(200, 300);
  }
  await clock.pass(Promise.all([work(), read({ from: 'latest' })]));
  assert.deepEqual([...textsOf(batches)].sort(), [...written(150, 300)].sort());
});

test('a timestamp reads what arrived from then on', async () => {
  const { clock, batches, write, read } = scene(8);
  await clock.pass(write(0, 100));
  await clock.pass(clock.sleep(500));
  const timestamp = clock.now();
  await clock.pass(write(100, 160));
  await clock.pass(read({ from: { timestamp } }));
  assert.deepEqual([...textsOf(batches)].sort(), [...written(100, 160)].sort());
});

test('reading on from positions, even inside an aggregate, neither loses nor repeats', async () => {
  const { clock, kinesis, batches, write, read } = scene(9);
  await clock.pass(write(0, 200));
  await clock.pass(read({ limit: 9 }));
  const positions = new Map<string, Position | 'end'>();
  const first = batches.splice(0);
  const kept: ShardBatch[] = [];
  for (const batch of first) {
    const half = batch.records.slice(0, Math.ceil(batch.records.length / 2));
    const { sequenceNumber, subSequenceNumber = 0 } = half.at(-1) ?? {};
    if (positions.has(batch.shardId) || sequenceNumber === undefined) continue;
    positions.set(batch.shardId, { sequenceNumber, subSequenceNumber });
    kept.push({ ...batch, records: half });
  }
  kinesis.split(0.3);
  await clock.pass(write(200, 300));
  await clock.pass(read({ positions }));
  const texts = [...textsOf(kept), ...textsOf(batches)];
  assert.deepEqual(texts.sort(), [...written(0, 300)].sort());
});

test('a damaged aggregate is passed on whole and counted, its neighbours are read', async () => {
  const { clock, kinesis, batches, read } = scene(10);
  const damaged = aggregate([{ partitionKey: 'card-1', data: Buffer.from('inside') }]);
  damaged[damaged.length - 1] = (damaged[damaged.length - 1] ?? 0) ^ 1;
  const good = { partitionKey: 'card-1', data: Buffer.from('good') };
  await clock.pass(kinesis.put([good, { partitionKey: 'card-1', data: damaged }, good]));
  await clock.pass(read());
  const records = batches.flatMap((batch) => batch.records);
  assert.deepEqual(
    records.map(({ data }) => Buffer.from(data)),
    [good.data, damaged, good.data],
  );
  assert.equal(
    batches.reduce((sum, batch) => sum + batch.damagedAggregates, 0),
    1,
  );
});

test('records of an aggregate that a KCL reader would drop are passed on, marked', async () => {
  const { clock, kinesis, batches, read } = scene(11);
  const keys = Array.from({ length: 20 }, (_, index) => `card-${index}`);
  const parts = keys.map((partitionKey) => ({ partitionKey, data: Buffer.from('x') }));
  await clock.pass(kinesis.put([{ partitionKey: 'a', data: aggregate(parts) }]));
  await clock.pass(read());
  const records = batches.flatMap((batch) => batch.records);
  assert.equal(records.length, 20);
  assert.ok(records.every((record) => !record.isInRange));
});

test('ListShards is asked for as often as GetRecords before reading is given up', async () => {
  const lists: readonly (readonly [Error, number, number])[] = [
    [new FraudstreamError('unreachable', 'reset'), 20, 60_000],
    [new FraudstreamError('no-permission', 'denied'), 1, 0],
    [new FraudstreamError('unreachable', 'refused', { cause: refused }), 1, 0],
  ];
  for (const [error, calls, least] of lists) {
    const { clock, kinesis, read } = scene(13);
    kinesis.listError = error;
    const startAt = clock.now();
    await assert.rejects(clock.pass(read()), { code: (error as FraudstreamError).code });
    assert.equal(kinesis.listCalls, calls);
    assert.ok(clock.now() - startAt >= least);
  }
});

test('an outage of a minute at a reshard is waited out', async () => {
  const { clock, kinesis, batches, write, read } = scene(14);
  await clock.pass(write(0, 100));
  kinesis.split(0.4);
  await clock.pass(write(100, 200));
  async function outage(): Promise<void> {
    while (batches.length === 0) await clock.sleep(1);
    kinesis.listError = new FraudstreamError('unreachable', 'refused', { cause: refused });
    await clock.sleep(60_000);
    kinesis.listError = undefined;
  }
  await clock.pass(Promise.all([outage(), read()]));
  assert.deepEqual([...textsOf(batches)].sort(), [...written(0, 200)].sort());
});

test('reading stops on abort and when idle', async () => {
  const { clock, kinesis, random } = scene(12);
  const client = simulatedReading(kinesis, clock, random);
  const stop = new AbortController();
  async function read(changed: Partial<ConsumeSettings>): Promise<number> {
    const startAt = clock.now();
    const all = { ...settings, ...changed };
    for await (const _ of consume(client, { clock, stop: stop.signal }, all)) assert.fail('empty');
    return clock.now() - startAt;
  }
  assert.ok((await clock.pass(read({ idleMs: 1_000 }))) >= 1_000);
  const reading = read({ idleMs: undefined });
  await clock.pass(clock.sleep(10_000));
  stop.abort();
  await clock.pass(reading);
});
