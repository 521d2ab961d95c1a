import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TokenBucket } from './shard-rate-limiter.ts';

/** Takes all that a bucket gives, millisecond by millisecond. */
function grantedBy(bucket: TokenBucket): (from: number, to: number) => number {
  return (from, to) => {
    let count = 0;
    for (let now = from; now < to; now += 1) {
      while (bucket.has(1, now)) {
        bucket.take(1);
        count += 1;
      }
    }
    return count;
  };
}

test('a bucket gives one second at once, then its rate', () => {
  const bucket = new TokenBucket(1_000, 0);
  bucket.has(1_000, 0);
  bucket.take(1_000);
  assert.ok(!bucket.has(1, 0));
  assert.ok(bucket.has(100, 100));
  assert.ok(!bucket.has(101, 100));
});

test('more than a bucket holds goes when it is full', () => {
  const bucket = new TokenBucket(100, 0);
  assert.ok(bucket.has(5_000, 0));
  bucket.take(5_000);
  assert.ok(!bucket.has(1, 10_000));
  assert.ok(bucket.has(1, 60_000));
});

test('a throttled bucket slows at once and recovers over seconds', () => {
  const bucket = new TokenBucket(1_000, 0);
  bucket.slow(0);
  assert.ok(!bucket.has(1, 0));
  const granted = grantedBy(bucket);
  assert.ok(granted(0, 1_000) < 950);
  granted(1_000, 5_000);
  assert.ok(granted(5_000, 6_000) > 990);
});

test('a bucket throttled again and again keeps a tenth of its rate', () => {
  const bucket = new TokenBucket(1_000, 0);
  for (let time = 0; time < 100; time += 1) bucket.slow(0);
  assert.ok(bucket.has(80, 1_000));
});

test('a throttled bucket keeps twice what was accepted in the best of five seconds', () => {
  const accepting = new TokenBucket(1_000, 0);
  const idle = new TokenBucket(1_000, 0);
  for (let now = 0; now < 40_000; now += 100) {
    accepting.accepted(40, now);
    accepting.slow(now);
    if (now < 10_000) idle.accepted(40, now);
    idle.slow(now);
  }
  // What it saved up does not count.
  grantedBy(accepting)(39_999, 40_000);
  grantedBy(idle)(39_999, 40_000);
  const kept = grantedBy(accepting)(40_000, 41_000);
  assert.ok(kept >= 750, `${kept} in a second`);
  const forgotten = grantedBy(idle)(40_000, 41_000);
  assert.ok(forgotten <= 600, `${forgotten} in a second`);
});
