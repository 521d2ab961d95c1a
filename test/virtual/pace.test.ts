import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pace, unpaced } from '../../dist/pacing/pace.js';
import { constantRate, until } from '../../dist/pacing/pacer.js';
import { VirtualClock } from '../support/virtual-clock.ts';

const groups = [[0, 1, 2], [3], [4, 5, 6, 7, 8, 9]];

test('records leave when they are due, not before, each with its due instant', async () => {
  const clock = new VirtualClock();
  const startAt = clock.now();
  const left: [number, number, number][] = [];
  async function walk(): Promise<void> {
    const stop = new AbortController().signal;
    for await (const group of pace(groups, constantRate(10), clock, stop)) {
      for (const { record, dueAt } of group) {
        left.push([record, dueAt - startAt, clock.now() - startAt]);
      }
    }
  }
  await clock.pass(walk());
  assert.deepEqual(
    left,
    groups.flat().map((record) => [record, record * 100, record * 100]),
  );
});

test('after a stall everything that has come due leaves at once and keeps its due instant', async () => {
  const clock = new VirtualClock();
  const startAt = clock.now();
  const sizes: number[] = [];
  const dueMs: number[] = [];
  async function walk(): Promise<void> {
    const stop = new AbortController().signal;
    for await (const group of pace([groups.flat()], constantRate(10), clock, stop)) {
      sizes.push(group.length);
      dueMs.push(...group.map(({ dueAt }) => dueAt - startAt));
      if (sizes.length === 2) await clock.sleep(500);
    }
  }
  await clock.pass(walk());
  assert.deepEqual(sizes, [1, 1, 5, 1, 1, 1]);
  assert.deepEqual(
    dueMs,
    groups.flat().map((record) => record * 100),
  );
});

test('an abort ends the wait for the next record at once', async () => {
  const clock = new VirtualClock();
  const stop = new AbortController();
  let count = 0;
  async function walk(): Promise<void> {
    for await (const group of pace(groups, constantRate(0.001), clock, stop.signal)) {
      count += group.length;
      setImmediate(() => stop.abort());
    }
  }
  await clock.pass(walk(), 1_000);
  assert.equal(count, 1);
});

test('without a pace each record is due when it is asked for, until the duration is over', async () => {
  const clock = new VirtualClock();
  const startAt = clock.now();
  const dueMs: number[] = [];
  async function walk(): Promise<void> {
    const stop = new AbortController().signal;
    for await (const group of unpaced(groups, clock, stop, 150)) {
      dueMs.push(...group.map(({ dueAt }) => dueAt - startAt));
      await clock.sleep(100);
    }
  }
  await clock.pass(walk());
  assert.deepEqual(dueMs, [0, 0, 0, 100]);
});

test('the schedule begins with the first group: what it takes to make that is nobody’s lateness', async () => {
  const clock = new VirtualClock();
  const startAt = clock.now();
  async function* source(): AsyncGenerator<readonly number[]> {
    await clock.sleep(5_000);
    yield [0, 1];
    await clock.sleep(1_000);
    yield [2];
  }
  const stop = new AbortController().signal;
  for (const paced of [
    pace(source(), until(constantRate(10), 2_000), clock, stop),
    unpaced(source(), clock, stop, 2_000),
  ]) {
    const from = clock.now();
    const left: number[] = [];
    const walk = async (): Promise<void> => {
      for await (const group of paced) left.push(...group.map(() => clock.now() - from));
    };
    await clock.pass(walk());
    assert.deepEqual([left.length, left[0]], [3, 5_000]);
  }
  assert.ok(clock.now() > startAt);
});
