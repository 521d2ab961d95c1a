import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff, TokenBucket } from './shard-rate-limiter.ts';

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

test('a backoff grows with each failure up to two seconds, and forgets after a success', () => {
  const backoff = new Backoff(() => 0.999);
  const waits: number[] = [];
  let now = 0;
  for (let failure = 0; failure < 6; failure += 1) {
    backoff.failed(now);
    const failedAt = now;
    while (!backoff.isOver(now)) now += 1;
    waits.push(now - failedAt);
  }
  assert.ok(waits.every((wait, enqueue) => wait >= 50 && wait >= (waits[enqueue - 1] ?? 0)));
  assert.equal(waits.at(-1), 2_000);
  backoff.succeeded(now);
  backoff.failed(now + 1_000);
  assert.ok(backoff.isOver(now + 1_150));
});

test('failures of parallel requests during a wait count as one', () => {
  const backoff = new Backoff(() => 0.5);
  backoff.failed(0);
  backoff.failed(10);
  assert.ok(backoff.isOver(75));
});

test('a shard that accepts some entries is not waited for', () => {
  const backoff = new Backoff(() => 0.5);
  backoff.failed(0);
  backoff.succeeded(10);
  assert.ok(backoff.isOver(10), 'a success ends the wait');
  backoff.failed(20);
  assert.ok(backoff.isOver(20), 'a failure beside a success begins none');
  backoff.failed(1_000);
  assert.ok(!backoff.isOver(1_000));
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
