import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FraudstreamError } from '../fraudstream-error.ts';
import { type Fault, faultText, parseFault } from './fault.ts';

const faults: readonly (readonly [string, Fault])[] = [
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
