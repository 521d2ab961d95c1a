import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FraudstreamError } from '../../errors.ts';
import { FaultInjector, faultText, type KinesisFault, parseFault, parseFaults } from './faults.ts';
import { SequenceNumbers, StoredShard } from './shard.ts';

const TIMES = 20_000;
const range = [
  [0, 0, 0, 0],
  [1, 1, 1, 1],
] as const;
const shard = (place: number): StoredShard =>
  new StoredShard(
    `shardId-${String(place).padStart(12, '0')}`,
    range,
    [],
    new SequenceNumbers().next(),
    0,
  );
const troubles = (...faults: readonly string[]): FaultInjector =>
  new FaultInjector(faults.map(parseFault), 1);
const times = <T>(draw: () => T, count = TIMES): readonly T[] =>
  Array.from({ length: count }, draw);
/** Within five standard deviations of the share: a seeded draw that fails stays failed. */
function assertShare(hits: number, share: number): void {
  const spread = 5 * Math.sqrt((share * (1 - share)) / TIMES);
  assert.ok(Math.abs(hits / TIMES - share) <= spread, `${hits} of ${TIMES}, not ${share}`);
}

for (const kind of ['throttle', 'fail'] as const) {
  test(`${kind}:0.2 hits a fifth of the entries and no request`, () => {
    const all = troubles(`${kind}:0.2`);
    const drawn = times(() => all.ofEntry(shard(0)));
    assertShare(drawn.filter((one) => one === kind).length, 0.2);
    assert.deepEqual(all.ofRequest('PutRecords'), { delayMs: 0, fault: undefined });
  });
}

for (const kind of ['http500', 'http503', 'hang', 'reset', 'reset-after'] as const) {
  test(`${kind}:0.2 hits a fifth of the requests, reading ones too, and no entry`, () => {
    const all = troubles(`${kind}:0.2`);
    for (const action of ['PutRecords', 'PutRecord', 'GetRecords']) {
      const drawn = times(() => all.ofRequest(action).fault);
      assertShare(drawn.filter((one) => one === kind).length, 0.2);
    }
    assert.equal(all.ofEntry(shard(0)), undefined);
  });
}

test('short answers are for PutRecords alone', () => {
  const all = troubles('short:1');
  assert.equal(all.ofRequest('PutRecords').fault, 'short');
  assert.equal(all.ofRequest('PutRecord').fault, undefined);
  assert.equal(all.ofRequest('GetRecords').fault, undefined);
});

for (const bound of ['3', '03', 'shardId-000000000003']) {
  test(`throttle=${bound}:1 throttles shard 3 and no other`, () => {
    const all = troubles(`throttle=${bound}:1`);
    const drawn = [0, 3, 13, 30].map((place) => all.ofEntry(shard(place)));
    assert.deepEqual(drawn, [undefined, 'throttle', undefined, undefined]);
  });
}

test('of two request faults the first that is drawn happens', () => {
  const all = troubles('http500:0.5', 'reset:1');
  const drawn = times(() => all.ofRequest('PutRecords').fault);
  assertShare(drawn.filter((one) => one === 'http500').length, 0.5);
  assert.ok(drawn.every((one) => one === 'http500' || one === 'reset'));
});

test('same seed and same requests, same troubles; another seed, others', () => {
  const faults: readonly KinesisFault[] = ['fail:0.3', 'hang:0.3', 'latency:p50=5ms,p99=50ms'].map(
    parseFault,
  );
  const drawn = (seed: number): unknown => {
    const all = new FaultInjector(faults, seed);
    return times(() => [all.ofRequest('PutRecords'), all.ofEntry(shard(0))], 100);
  };
  assert.deepEqual(drawn(7), drawn(7));
  assert.notDeepEqual(drawn(7), drawn(8));
});

test('faults that are set replace all others', () => {
  const all = troubles('throttle:1', 'hang:1');
  all.set([parseFault('reset:1')]);
  assert.equal(all.ofEntry(shard(0)), undefined);
  assert.equal(all.ofRequest('PutRecords').fault, 'reset');
  assert.deepEqual(all.faults, [{ kind: 'reset', share: 1 }]);
});

test('a fixed latency is the same for every request, and latencies add up', () => {
  const all = troubles('latency:50ms', 'latency:0.2s');
  assert.ok(times(() => all.ofRequest('GetRecords').delayMs).every((ms) => ms === 250));
});

test('a latency by percentiles has these percentiles', () => {
  const all = troubles('latency:p50=20ms,p99=400ms');
  const drawn = times(() => all.ofRequest('PutRecords').delayMs);
  assertShare(drawn.filter((ms) => ms > 20).length, 0.5);
  assertShare(drawn.filter((ms) => ms > 400).length, 0.01);
});

const faults: readonly (readonly [string, KinesisFault])[] = [
  ['throttle:0.2', { kind: 'throttle', share: 0.2 }],
  ['throttle:20%', { kind: 'throttle', share: 0.2 }],
  ['throttle=0:0.5', { kind: 'throttle', share: 0.5, shard: '0' }],
  [
    'throttle=shardId-000000000003:1',
    { kind: 'throttle', share: 1, shard: 'shardId-000000000003' },
  ],
  ['fail:0', { kind: 'fail', share: 0 }],
  ['http500:.5', { kind: 'http500', share: 0.5 }],
  ['http503:1', { kind: 'http503', share: 1 }],
  ['hang:0.01', { kind: 'hang', share: 0.01 }],
  ['reset:0.01', { kind: 'reset', share: 0.01 }],
  ['reset-after:0.01', { kind: 'reset-after', share: 0.01 }],
  ['short:0.5%', { kind: 'short', share: 0.005 }],
  ['latency:50ms', { kind: 'latency', p50Ms: 50, p99Ms: 50 }],
  ['latency:1.5s', { kind: 'latency', p50Ms: 1500, p99Ms: 1500 }],
  ['latency:p50=20ms,p99=1s', { kind: 'latency', p50Ms: 20, p99Ms: 1000 }],
];

for (const [text, fault] of faults) {
  test(`${text} is read as a fault`, () => assert.deepEqual(parseFault(text), fault));
}

test('a fault that is written is read as the same', () => {
  for (const [, fault] of faults) assert.deepEqual(parseFault(faultText(fault)), fault);
});

const refused: readonly (readonly [string, string])[] = [
  ['', 'nothing'],
  ['throttle', 'no share'],
  ['throttle: ', 'a blank share'],
  ['throttle:1.1', 'a share above 1'],
  ['throttle:101%', 'a share above 100 %'],
  ['throttle:-0.1', 'a negative share'],
  ['throttle:0x1', 'a share that is not decimal'],
  ['throttle:often', 'a share in words'],
  ['fail=0:0.5', 'a shard for what has none'],
  ['latency=0:5ms', 'a shard for a latency'],
  ['flood:0.5', 'an unknown kind'],
  ['constructor:0.5', 'a name that every object has'],
  ['latency:50', 'a time without a unit'],
  ['latency:-5ms', 'a negative time'],
  ['latency:p50=0ms,p99=5ms', 'a median of 0 below a p99'],
  ['latency:p50=20ms,p99=10ms', 'a p99 below the median'],
  ['latency:p50=20ms', 'a median alone'],
];

for (const [text, why] of refused) {
  test(`"${text}" is refused: ${why}; the message quotes it and shows the forms`, () => {
    assert.throws(
      () => parseFault(text),
      (error) =>
        error instanceof FraudstreamError &&
        error.code === 'usage' &&
        error.message.startsWith(`"${text}" is not a fault. Write throttle:0.2, `),
    );
  });
}

test('faults may be separated by commas, and written with equals signs as those of the endpoint', () => {
  const expected = ['throttle:0.2', 'latency:p50=20ms,p99=40ms', 'throttle=0:0.5', 'reset:0.1'];
  const all = expected.map(parseFault);
  assert.deepEqual(parseFaults(expected.join(',')), all);
  assert.deepEqual(
    parseFaults('throttle=0.2,latency=p50=20ms,p99=40ms,throttle=0:0.5,reset=0.1'),
    all,
  );
});
