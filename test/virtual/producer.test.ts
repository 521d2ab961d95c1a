import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FraudstreamError } from '../../dist/errors.js';
import {
  type ProducerSettings,
  producerDefaults,
} from '../../dist/kinesis/producer/producer-settings.js';
import { put } from '../../dist/kinesis/producer/put.js';
import type { PutClient } from '../../dist/kinesis/put-client.js';
import type {
  Due,
  Receipt,
  RequestTrace,
  UserRecord,
} from '../../dist/transactions/user-record.js';
import { seeded } from '../support/seeded.ts';
import { SimulatedKinesis, type Troubles } from '../support/simulated-kinesis.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

interface Scenario {
  readonly seed: number;
  readonly bounds: readonly number[];
  readonly records: number;
  readonly keys: number;
  readonly settings?: Partial<ProducerSettings>;
  readonly troubles?: Troubles;
  readonly listError?: Error;
  /** Splits and merges in turn, one after each of these milliseconds. */
  readonly reshardAtMs?: readonly number[];
  readonly perSecond?: number;
  readonly explicitHashKeys?: boolean;
}

interface Outcome {
  readonly receipts: readonly Receipt[];
  readonly traces: readonly RequestTrace[];
  readonly kinesis: SimulatedKinesis;
  readonly error: unknown;
  readonly mostOutstanding: number;
}

const oneShard: readonly number[] = [];
const fourUneven = [0.1, 0.15, 0.8];
const sevenUneven = [0.01, 0.02, 0.3, 0.31, 0.5, 0.9];

/** Runs a producer over a simulated stream in virtual time. */
async function run(scenario: Scenario): Promise<Outcome> {
  const clock = new VirtualClock();
  const random = seeded(scenario.seed);
  const kinesis = new SimulatedKinesis(clock, random, scenario.bounds);
  kinesis.troubles = scenario.troubles ?? {};
  kinesis.listError = scenario.listError;
  const traces: RequestTrace[] = [];
  const receipts: Receipt[] = [];
  const settings = { ...producerDefaults, ...scenario.settings };
  let pulled = 0;
  let mostOutstanding = 0;

  async function* source(): AsyncGenerator<readonly Due<UserRecord>[]> {
    const perMs = (scenario.perSecond ?? 10_000) / 1000;
    for (let first = 0; first < scenario.records; first += 10) {
      const group = Array.from({ length: Math.min(10, scenario.records - first) }, (_, place) =>
        record(first + place, scenario, random),
      );
      pulled += group.length;
      mostOutstanding = Math.max(mostOutstanding, pulled - receipts.length);
      yield group.map((made) => ({ record: made, dueAt: clock.now() }));
      await clock.sleep(10 / perMs);
    }
  }
  async function drain(): Promise<unknown> {
    const means = { clock, random, observe: (trace: RequestTrace) => void traces.push(trace) };
    try {
      for await (const group of put(source(), kinesis, means, settings)) receipts.push(...group);
      return undefined;
    } catch (error) {
      return error;
    }
  }
  void reshard(kinesis, clock, random, scenario.reshardAtMs ?? []);
  const error = await clock.pass(drain());
  return { receipts, traces, kinesis, error, mostOutstanding };
}

function record(index: number, scenario: Scenario, random: () => number): UserRecord {
  const key = `card-${Math.floor(random() * scenario.keys)}`;
  const hash = BigInt(Math.floor(random() * 1e9)) * (2n ** 128n / 1_000_000_000n);
  return {
    id: String(index),
    partitionKey: key,
    data: Buffer.from(`${index} ${'x'.repeat(Math.floor(random() * 300))}`),
    ...(scenario.explicitHashKeys && random() < 0.5 && { explicitHashKey: String(hash) }),
  };
}

async function reshard(
  kinesis: SimulatedKinesis,
  clock: VirtualClock,
  random: () => number,
  instantsMs: readonly number[],
): Promise<void> {
  let before = 0;
  for (const [turn, instantMs] of instantsMs.entries()) {
    await clock.sleep(instantMs - before);
    before = instantMs;
    if (turn % 2 === 0) kinesis.split(random());
    else kinesis.merge(random() * 0.9);
  }
}

/** sent = acknowledged + failed, by id, and all that was acknowledged is readable. */
function assertConserved({ receipts, kinesis }: Outcome, records: number): void {
  const ids = new Set(receipts.map((receipt) => receipt.id));
  assert.equal(receipts.length, records, 'one receipt each');
  assert.equal(ids.size, records, 'each receipt another record');
  for (const receipt of receipts) assert.equal(receipt.isAccepted, receipt.errorCode === undefined);
  const read = new Map<string, number>();
  for (const { text } of kinesis.readings()) {
    const id = text.split(' ')[0] ?? '';
    read.set(id, (read.get(id) ?? 0) + 1);
  }
  for (const { id, isAccepted, attempts } of receipts) {
    const readings = read.get(id) ?? 0;
    if (isAccepted) assert.ok(readings >= 1, `record ${id} was acknowledged and cannot be read`);
    const isClean = attempts.every(({ errorCode }) => !errorCode || !mayLand.has(errorCode));
    if (isClean)
      assert.ok(readings <= 1, `record ${id} was read ${readings} times without a reason`);
  }
}

const mayLand = new Set(['Wrong Shard', 'Connection', 'Timeout', 'Record Count Mismatch']);

const layouts = {
  '1 shard': oneShard,
  '4 uneven shards': fourUneven,
  '7 uneven shards': sevenUneven,
};
for (const [name, bounds] of Object.entries(layouts)) {
  test(`over ${name} every record is acknowledged and readable exactly once`, async () => {
    const outcome = await run({
      seed: 1,
      bounds,
      records: 3_000,
      keys: 500,
      explicitHashKeys: true,
    });
    assertConserved(outcome, 3_000);
    assert.ok(outcome.receipts.every((receipt) => receipt.isAccepted));
    assert.equal(outcome.kinesis.readings().length, 3_000);
    assert.equal(outcome.error, undefined);
  });

  test(`over ${name} that split and merge in mid-run nothing acknowledged is lost`, async () => {
    for (let seed = 1; seed <= 8; seed += 1) {
      const outcome = await run({
        seed,
        bounds,
        records: 4_000,
        keys: 300,
        explicitHashKeys: seed % 2 === 0,
        reshardAtMs: [60, 130, 135, 220, 300],
      });
      assertConserved(outcome, 4_000);
      assert.ok(outcome.receipts.every((receipt) => receipt.isAccepted));
    }
  });

  test(`over ${name} with every trouble at once sent = acknowledged + failed`, async () => {
    for (let seed = 1; seed <= 8; seed += 1) {
      const outcome = await run({
        seed,
        bounds,
        records: 2_000,
        keys: 200,
        settings: { recordTtlMs: seed % 2 === 0 ? 700 : 30_000, maxConnections: 4 },
        troubles: {
          throttledEntry: 0.2,
          failedEntry: 0.1,
          lostRequest: 0.1,
          lostAnswer: 0.1,
          shortAnswer: 0.1,
        },
        reshardAtMs: [80, 170],
      });
      assertConserved(outcome, 2_000);
    }
  });
}

test('in ordered mode each key keeps its order through failures and resharding', async () => {
  for (let seed = 1; seed <= 12; seed += 1) {
    const outcome = await run({
      seed,
      bounds: fourUneven,
      records: 1_500,
      keys: 40,
      settings: { isOrdered: true },
      troubles: { throttledEntry: 0.1, failedEntry: 0.1, lostAnswer: 0.05, shortAnswer: 0.05 },
      reshardAtMs: [50, 120, 180],
    });
    assertConserved(outcome, 1_500);
    assertOrdered(outcome, `seed ${seed}`);
  }
});

test('a throttled entry is put again, its neighbours are not', async () => {
  const outcome = await run({
    seed: 3,
    bounds: fourUneven,
    records: 10_000,
    keys: 400,
    troubles: { throttledEntry: 0.3 },
  });
  assertConserved(outcome, 10_000);
  assert.equal(outcome.kinesis.readings().length, 10_000);
  const retried = outcome.receipts.filter((receipt) => receipt.attempts.length > 1);
  assert.ok(retried.length > 0 && retried.length < 10_000);
});

test('an outstanding bound holds the source back while the stream is dead', async () => {
  const outcome = await run({
    seed: 4,
    bounds: fourUneven,
    records: 20_000,
    keys: 1_000,
    perSecond: 1_000_000,
    settings: { maxOutstandingRecords: 500, recordTtlMs: 1_000 },
    troubles: { lostRequest: 1 },
  });
  assertConserved(outcome, 20_000);
  assert.ok(outcome.mostOutstanding <= 500 + 20, `${outcome.mostOutstanding} outstanding`);
  assert.ok(outcome.receipts.every(({ errorCode }) => errorCode === 'Expired'));
});

test('a record past its time to live fails as Expired, with its attempts', async () => {
  const { receipts } = await run({
    seed: 5,
    bounds: oneShard,
    records: 20,
    keys: 5,
    settings: { recordTtlMs: 2_000 },
    troubles: { throttledEntry: 1 },
  });
  for (const { errorCode, attempts } of receipts) {
    assert.equal(errorCode, 'Expired');
    assert.equal(attempts.at(-1)?.errorCode, 'ProvisionedThroughputExceededException');
  }
});

/** Two looks for old records, a tick, and the slowest answer of the simulated stream. */
const PAST_TTL_MS = 2 * 100 + 5 + 60;
const faults: Readonly<Record<string, Troubles>> = {
  'a shard that takes nothing': { shut: { shard: 1, fromMs: 0, untilMs: 3_600_000 } },
  'a shard that takes nothing for a while': { shut: { shard: 1, fromMs: 200, untilMs: 2_500 } },
  'shards over their limits': { limitsShards: true },
  'throttled entries': { throttledEntry: 0.5 },
  'entries that fail': { failedEntry: 0.7 },
  'requests that are lost': { lostRequest: 0.8 },
  'answers that are lost': { lostAnswer: 0.8 },
  'short answers': { shortAnswer: 0.8 },
  'slow lists of shards': { listLatencyMs: 4_000, throttledEntry: 0.2 },
  'all of them': {
    shut: { shard: 0, fromMs: 0, untilMs: 1_500 },
    limitsShards: true,
    throttledEntry: 0.2,
    failedEntry: 0.1,
    lostRequest: 0.1,
    lostAnswer: 0.1,
    shortAnswer: 0.1,
    listLatencyMs: 2_000,
  },
};
const modes: Readonly<Record<string, Partial<ProducerSettings>>> = {
  aggregated: {},
  unaggregated: { aggregationEnabled: false },
  ordered: { isOrdered: true },
  'buffered for longer than they live': { recordMaxBufferedTimeMs: 60_000 },
};

/** Each key was read in the order of its records; what failed is missing, repeats do not count. */
function assertOrdered({ kinesis }: Outcome, name: string): void {
  const seen = new Set<number>();
  const last = new Map<string, number>();
  for (const { partitionKey, text } of kinesis.readings()) {
    const id = Number(text.split(' ')[0]);
    if (seen.has(id)) continue;
    seen.add(id);
    assert.ok(id > (last.get(partitionKey) ?? -1), `${name}: ${id} out of order`);
    last.set(partitionKey, id);
  }
}

function assertInTime({ receipts }: Outcome, recordTtlMs: number, name: string): void {
  for (const { id, dueAt, acknowledgedAt, errorCode } of receipts) {
    const ageMs = acknowledgedAt - dueAt;
    assert.ok(ageMs <= recordTtlMs + PAST_TTL_MS, `${name}: record ${id} after ${ageMs} ms`);
    const isEarly = errorCode === 'Expired' && ageMs < recordTtlMs;
    assert.ok(!isEarly, `${name}: record ${id} expired after ${ageMs} ms`);
  }
}

const denied = new FraudstreamError('no-permission', 'denied');
for (const [name, troubles] of Object.entries(faults)) {
  test(`with ${name} no receipt is older than the time to live and one request`, async () => {
    for (const [mode, settings] of Object.entries(modes)) {
      for (const listError of [undefined, denied]) {
        const outcome = await run({
          seed: 13,
          bounds: fourUneven,
          records: 6_000,
          keys: 200,
          perSecond: 3_000,
          settings: { recordTtlMs: 1_000, ...settings },
          troubles,
          ...(listError ? { listError } : { reshardAtMs: [700, 1_300] }),
        });
        assertConserved(outcome, 6_000);
        assertInTime(outcome, 1_000, mode);
        if (mode === 'ordered') assertOrdered(outcome, name);
      }
    }
  });
}

test('a record that can still be delivered in its time to live is', async () => {
  const outcome = await run({
    seed: 14,
    bounds: fourUneven,
    records: 12_000,
    keys: 200,
    perSecond: 2_000,
    settings: { recordTtlMs: 5_000 },
    troubles: { shut: { shard: 1, fromMs: 1_000, untilMs: 3_000 } },
  });
  assertConserved(outcome, 12_000);
  assert.ok(outcome.receipts.every(({ isAccepted }) => isAccepted));
});

test('throttling that hits a share of the entries delays those entries and few others', async () => {
  for (const [throttledEntry, p99Ms] of [
    [0.05, 280],
    [0.1, 300],
    [0.3, 400],
    [0.5, 600],
  ] as const) {
    const { receipts } = await run({
      seed: 15,
      bounds: [0.25, 0.5, 0.75],
      records: 40_000,
      keys: 2_000,
      perSecond: 4_000,
      troubles: { throttledEntry },
    });
    const ages = receipts.map(({ dueAt, acknowledgedAt }) => acknowledgedAt - dueAt);
    ages.sort((a, b) => a - b);
    const p99 = ages[Math.floor(0.99 * ages.length)] ?? Number.NaN;
    assert.ok(p99 <= p99Ms, `throttled ${throttledEntry}: p99 ${Math.round(p99)} ms`);
  }
});

test('a shard over its limit is used in full, and no more than half of what is sent is refused', async () => {
  const { receipts, traces } = await run({
    seed: 16,
    bounds: oneShard,
    records: 40_000,
    keys: 2_000,
    perSecond: 1_500,
    settings: { recordTtlMs: 3_000, aggregationEnabled: false },
    troubles: { limitsShards: true },
  });
  const seconds = 40_000 / 1_500;
  const accepted = receipts.filter(({ isAccepted }) => isAccepted).length;
  assert.ok(accepted >= 950 * seconds, `${accepted} accepted in ${seconds} s`);
  const sent = traces.reduce((sum, { entries }) => sum + entries, 0);
  assert.ok(accepted >= sent / 2, `${accepted} accepted of ${sent} sent`);
});

test('100,000 entries that wait for a stream that takes nothing all expire', async () => {
  const outcome = await run({
    seed: 17,
    bounds: oneShard,
    records: 100_000,
    keys: 1_000,
    perSecond: 100_000,
    settings: { recordTtlMs: 2_000, aggregationEnabled: false },
    troubles: { shut: { shard: 0, fromMs: 0, untilMs: 3_600_000 } },
  });
  assert.equal(outcome.receipts.length, 100_000);
  assert.ok(outcome.receipts.every(({ errorCode }) => errorCode === 'Expired'));
});

test('with --fail-if-throttled a throttled record fails at once', async () => {
  const { receipts, traces } = await run({
    seed: 6,
    bounds: oneShard,
    records: 20,
    keys: 5,
    settings: { failIfThrottled: true },
    troubles: { throttledEntry: 1 },
  });
  assert.ok(receipts.every(({ attempts }) => attempts.length === 1));
  assert.equal(receipts.length, 20);
  assert.ok(traces.length <= 2);
});

test('without leave to list shards only equal keys share an aggregate', async () => {
  const outcome = await run({
    seed: 7,
    bounds: fourUneven,
    records: 2_000,
    keys: 20,
    listError: denied,
    reshardAtMs: [60, 130],
  });
  assertConserved(outcome, 2_000);
  assert.ok(outcome.receipts.every((receipt) => receipt.isAccepted));
  assert.equal(outcome.kinesis.readings().length, 2_000);
  assert.equal(outcome.kinesis.listCalls, 1);
});

test('a list of shards that lags behind a split is asked for at most twice a second', async () => {
  const clock = new VirtualClock();
  const random = seeded(8);
  const kinesis = new SimulatedKinesis(clock, random, fourUneven);
  const stale = await clock.pass(kinesis.listShards());
  const startAt = clock.now();
  const lagging: PutClient = {
    put: (entries) => kinesis.put(entries),
    listShards: () =>
      clock.now() < startAt + 3_000 ? Promise.resolve(stale) : kinesis.listShards(),
  };
  kinesis.split(0.9);
  let lists = 0;
  const counted: PutClient = {
    put: lagging.put,
    listShards: () => {
      lists += 1;
      return lagging.listShards();
    },
  };
  async function* source(): AsyncGenerator<readonly Due<UserRecord>[]> {
    const scenario = { seed: 8, bounds: fourUneven, records: 500, keys: 500 };
    yield Array.from({ length: 500 }, (_, index) => ({
      record: record(index, scenario, random),
      dueAt: clock.now(),
    }));
  }
  const receipts: Receipt[] = [];
  async function drain(): Promise<void> {
    for await (const group of put(source(), counted, { clock, random }, producerDefaults)) {
      receipts.push(...group);
    }
  }
  await clock.pass(drain());
  assert.equal(receipts.filter((receipt) => receipt.isAccepted).length, 500);
  assert.ok(lists <= 9, `${lists} lists in about 3 s`);
});

test('a stream that disappears fails what is under way and then throws', async () => {
  const clock = new VirtualClock();
  const random = seeded(9);
  const kinesis = new SimulatedKinesis(clock, random, oneShard);
  const cause = new FraudstreamError('not-found', 'no such stream');
  const failure = { code: 'ResourceNotFoundException', message: 'gone', isFatal: true, cause };
  let calls = 0;
  const dying: PutClient = {
    listShards: () => kinesis.listShards(),
    put: async (entries) => {
      calls += 1;
      return calls <= 2 ? kinesis.put(entries) : { results: [], failure };
    },
  };
  let made = 0;
  async function* source(): AsyncGenerator<readonly Due<UserRecord>[]> {
    for (;;) {
      const scenario = { seed: 9, bounds: oneShard, records: 0, keys: 10 };
      yield [{ record: record(made, scenario, random), dueAt: clock.now() }];
      made += 1;
      await clock.sleep(5);
    }
  }
  const receipts: Receipt[] = [];
  async function drain(): Promise<void> {
    for await (const group of put(source(), dying, { clock, random }, producerDefaults)) {
      receipts.push(...group);
    }
  }
  await assert.rejects(clock.pass(drain()), (error) => error === cause);
  const failed = receipts.filter((receipt) => !receipt.isAccepted);
  assert.ok(failed.length > 0 && receipts.length > failed.length);
  assert.ok(failed.every(({ errorCode }) => errorCode === 'ResourceNotFoundException'));
});

test('what Kinesis could never take fails by itself and nothing else does', async () => {
  const clock = new VirtualClock();
  const random = seeded(10);
  const kinesis = new SimulatedKinesis(clock, random, fourUneven);
  const data = Buffer.from('x');
  const flawed: readonly [UserRecord, string | undefined][] = [
    [{ id: 'good', partitionKey: 'k', data }, undefined],
    [{ id: 'no key', partitionKey: '', data }, 'Invalid Partition Key'],
    [{ id: 'long key', partitionKey: 'k'.repeat(257), data }, 'Invalid Partition Key'],
    [{ id: 'longest key', partitionKey: 'k'.repeat(256), data }, undefined],
    [{ id: 'long in places only', partitionKey: '💳'.repeat(256), data }, undefined],
    [{ id: 'hash', partitionKey: 'k', explicitHashKey: '-1', data }, 'Invalid Explicit Hash Key'],
    [{ id: 'big', partitionKey: 'k', data: Buffer.alloc(1_048_577) }, 'Record Too Large'],
  ];
  async function* source(): AsyncGenerator<readonly Due<UserRecord>[]> {
    yield flawed.map(([flawedRecord]) => ({ record: flawedRecord, dueAt: clock.now() }));
  }
  const codes = new Map<string, string | undefined>();
  async function drain(): Promise<void> {
    for await (const group of put(source(), kinesis, { clock, random }, producerDefaults)) {
      for (const { id, errorCode } of group) codes.set(id, errorCode);
    }
  }
  await clock.pass(drain());
  assert.deepEqual([...codes].sort(), flawed.map(([{ id }, code]) => [id, code]).sort());
});

test('the same seed gives the same requests', async () => {
  const scenario: Scenario = {
    seed: 11,
    bounds: sevenUneven,
    records: 1_000,
    keys: 100,
    troubles: { throttledEntry: 0.1, lostAnswer: 0.1 },
    reshardAtMs: [40],
  };
  const [first, second] = [await run(scenario), await run(scenario)];
  assert.deepEqual(first.traces, second.traces);
});

test('receipts tell where a record lies: shard, sequence number, place in the aggregate', async () => {
  const { receipts, kinesis } = await run({ seed: 12, bounds: fourUneven, records: 200, keys: 50 });
  for (const { id, shardId, sequenceNumber, subSequenceNumber } of receipts) {
    const shard = kinesis.shards.find((one) => one.id === shardId);
    const entry = shard?.entries[Number(sequenceNumber) - 1];
    assert.ok(entry, `no entry ${sequenceNumber} in ${shardId}`);
    const before = Buffer.from(entry.data).indexOf(Buffer.from(`${id} `));
    assert.ok(before >= 0, `${id} is not in its entry`);
    assert.equal(subSequenceNumber === undefined, before === 0);
  }
});
