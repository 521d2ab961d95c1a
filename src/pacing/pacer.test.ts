import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constantRate, jitteredRate, stages, until } from './pacer.ts';

const near = (actual: number, expected: number): void =>
  assert.ok(
    Math.abs(actual - expected) < 1e-6 * Math.max(1, expected),
    `${actual} for ${expected}`,
  );

test('a constant rate spreads records evenly', () => {
  const pacer = constantRate(250);
  assert.deepEqual(
    [0, 1, 2, 250].map((index) => pacer(index, undefined)),
    [0, 4, 8, 1000],
  );
});

test('a duration ends the run before the first record that is due after it', () => {
  const pacer = until(constantRate(10), 1000);
  assert.equal(pacer(9, undefined), 900);
  assert.equal(pacer(10, undefined), Number.POSITIVE_INFINITY);
});

test('a ramp is due by the area under its curve', () => {
  const pacer = stages([
    { perSecond: 0, atMs: 0 },
    { perSecond: 100, atMs: 10_000 },
  ]);
  // 0 to 100/s in 10 s: n records are due after t = sqrt(n / 5) seconds.
  for (const index of [1, 20, 125, 499]) near(pacer(index, undefined), 1000 * Math.sqrt(index / 5));
  assert.equal(pacer(500, undefined), Number.POSITIVE_INFINITY);
});

test('stages hold, climb, fall, jump and end; their total is the area', () => {
  const pacer = stages([
    { perSecond: 10, atMs: 1_000 },
    { perSecond: 30, atMs: 2_000 },
    { perSecond: 30, atMs: 3_000 },
    { perSecond: 100, atMs: 3_000 },
    { perSecond: 0, atMs: 4_000 },
  ]);
  const dueMs = Array.from({ length: 130 }, (_, index) => pacer(index, undefined));
  // 10 in the first second, 20 in the ramp, 30 in the plateau, 50 in the fall.
  const inSecond = [0, 1, 2, 3].map(
    (second) => dueMs.filter((ms) => ms >= second * 1000 && ms < (second + 1) * 1000).length,
  );
  assert.deepEqual(inSecond, [10, 20, 30, 50]);
  assert.equal(dueMs.filter((ms) => ms === Number.POSITIVE_INFINITY).length, 20);
  assert.deepEqual(
    dueMs,
    [...dueMs].sort((a, b) => a - b),
  );
});

test('with jitter each record is due within its own interval, at one instant however often it is asked for', () => {
  let state = 1;
  const random = (): number => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const pacer = jitteredRate(5, random);
  const phases = Array.from({ length: 100 }, (_, index) => {
    const dueMs = pacer(index, undefined);
    assert.equal(pacer(index, undefined), dueMs);
    assert.ok(dueMs >= index * 200 && dueMs < (index + 1) * 200);
    return dueMs % 200;
  });
  assert.ok(Math.min(...phases) < 20 && Math.max(...phases) > 180);
});
