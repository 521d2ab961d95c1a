import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../stream/clock.ts';
import { PreciseClock } from './precise-clock.ts';

/** The machine's time; counts the sleeps that timers had to do. */
class TimerClock implements Clock {
  sleeps = 0;
  now(): number {
    return performance.timeOrigin + performance.now();
  }
  async sleep(ms: number): Promise<void> {
    this.sleeps += 1;
    await wait(ms);
  }
}

/** A precise clock whose thread runs. */
async function started(): Promise<{ readonly clock: PreciseClock; readonly timers: TimerClock }> {
  const timers = new TimerClock();
  const clock = new PreciseClock(timers);
  for (let before = -1; before < timers.sleeps; ) {
    before = timers.sleeps;
    await clock.sleep(5);
  }
  return { clock, timers };
}

test('a sleep never ends before its instant, whatever else sleeps, and needs no timer', async () => {
  const { clock, timers } = await started();
  const { sleeps } = timers;
  const sleeper = async (first: number): Promise<void> => {
    for (let each = 0; each < 100; each += 1) {
      const ms = ((first + each * 7) % 31) / 10;
      const endAt = clock.now() + ms;
      await clock.sleep(ms);
      assert.ok(clock.now() >= endAt, `${endAt - clock.now()} ms early`);
    }
  };
  await Promise.all([1, 2, 3, 4].map(sleeper));
  assert.equal(timers.sleeps, sleeps);
});

test('sleeps end in the order of their instants, however they were asked for', async () => {
  const { clock } = await started();
  const ended: number[] = [];
  const asked = [400, 100, 300, 200];
  await Promise.all(asked.map((ms) => clock.sleep(ms).then(() => ended.push(ms))));
  assert.deepEqual(ended, [100, 200, 300, 400]);
});

test('a signal ends a long sleep, and one that was given before it begins', async () => {
  const { clock } = await started();
  const stop = new AbortController();
  const long = clock.sleep(3_600_000, stop.signal);
  stop.abort();
  await long;
  await clock.sleep(3_600_000, stop.signal);
});

test('the event loop is not turned while it waits', async () => {
  const { clock } = await started();
  const before = performance.eventLoopUtilization();
  for (let each = 0; each < 100; each += 1) await clock.sleep(2);
  const { idle } = performance.eventLoopUtilization(before);
  // A loop that turned until the instant would never be idle.
  assert.ok(idle > 50, `${idle} ms idle`);
});
