import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff } from './backoff.ts';
import { TokenBucket } from './token-bucket.ts';

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
  bucket.slow();
  assert.ok(!bucket.has(1, 0));
  const granted = (from: number, to: number): number => {
    let count = 0;
    for (let now = from; now < to; now += 1) {
      while (bucket.has(1, now)) {
        bucket.take(1);
        count += 1;
      }
    }
    return count;
  };
  assert.ok(granted(0, 1_000) < 950);
  granted(1_000, 5_000);
  assert.ok(granted(5_000, 6_000) > 990);
});

test('a bucket throttled again and again keeps a tenth of its rate', () => {
  const bucket = new TokenBucket(1_000, 0);
  for (let time = 0; time < 100; time += 1) bucket.slow();
  assert.ok(bucket.has(80, 1_000));
});

test('a backoff grows with each failure up to two seconds, and forgets after a success', () => {
  const backoff = new Backoff(() => 0.999);
  const waits: number[] = [];
  let now = 0;
  for (let failure = 0; failure < 6; failure += 1) {
    assert.ok(backoff.failed(now));
    const failedAt = now;
    while (!backoff.isOver(now)) now += 1;
    waits.push(now - failedAt);
  }
  assert.ok(waits.every((wait, place) => wait >= 50 && wait >= (waits[place - 1] ?? 0)));
  assert.equal(waits.at(-1), 2_000);
  backoff.succeeded(now);
  backoff.failed(now);
  assert.ok(backoff.isOver(now + 150));
});

test('failures of parallel requests during a wait count as one', () => {
  const backoff = new Backoff(() => 0.5);
  assert.ok(backoff.failed(0));
  assert.ok(!backoff.failed(10));
});
