import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff } from './shard-backoff.ts';

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
