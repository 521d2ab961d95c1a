import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awsLimits, ShardThrottle } from './limits.ts';

/** How many of so many records of a size are admitted at an instant. */
function admitted(throttle: ShardThrottle, bytes: number, now: number, tries = 5_000): number {
  let count = 0;
  for (let time = 0; time < tries; time += 1) count += throttle.admits('a', bytes, now) ? 1 : 0;
  return count;
}

for (const [bytes, count, limit] of [
  [1, 1_000, 'records'],
  [1_048, 1_000, 'records'],
  [1_050, 998, 'bytes'],
  [10_240, 102, 'bytes'],
  [1_048_576, 1, 'bytes'],
] as const) {
  test(`of records of ${bytes} bytes a shard takes ${count} at once, for its limit on ${limit}`, () => {
    assert.equal(admitted(new ShardThrottle(awsLimits), bytes, 0), count);
  });
}

for (const [waitMs, count] of [
  [0, 0],
  [1, 1],
  [100, 100],
  [1_000, 1_000],
  [60_000, 1_000],
] as const) {
  test(`${waitMs} ms after it was full, a shard takes ${count} records more`, () => {
    const throttle = new ShardThrottle(awsLimits);
    admitted(throttle, 1, 5_000);
    assert.equal(admitted(throttle, 1, 5_000 + waitMs), count);
  });
}

test('a record that was refused takes nothing from the limits', () => {
  const throttle = new ShardThrottle({ recordsPerSecond: 10, bytesPerSecond: 100 });
  assert.ok(throttle.admits('a', 60, 0));
  assert.ok(!throttle.admits('a', 60, 0));
  assert.ok(throttle.admits('a', 40, 0));
});

test('a record larger than a second is worth goes when the bucket is full, and is paid back', () => {
  const throttle = new ShardThrottle({ recordsPerSecond: 10, bytesPerSecond: 100 });
  assert.ok(throttle.admits('a', 250, 0));
  assert.ok(!throttle.admits('a', 1, 1_000));
  assert.ok(!throttle.admits('a', 1, 1_500));
  assert.ok(throttle.admits('a', 1, 1_600));
});

test('each shard has limits of its own', () => {
  const throttle = new ShardThrottle(awsLimits);
  admitted(throttle, 1, 0);
  assert.ok(!throttle.admits('a', 1, 0));
  assert.ok(throttle.admits('b', 1, 0));
});

test('without limits everything is admitted', () => {
  assert.equal(admitted(new ShardThrottle(undefined), 1_048_576, 0), 5_000);
});
