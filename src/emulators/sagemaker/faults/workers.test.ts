import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doneAt } from './inject-faults.ts';
import { Workers } from './workers.ts';

const SERVICE_MS = 8;
const serve = (begin: number): number => begin + SERVICE_MS;

/** Requests at an even rate for a time: how many were taken, by the second in which they were done. */
function taken(workers: Workers, perSecond: number, seconds: number): readonly number[] {
  const done = Array.from({ length: seconds + 1 }, () => 0);
  for (let index = 0; index < perSecond * seconds; index += 1) {
    const end = workers.admit((index / perSecond) * 1000, serve);
    const second = Math.floor((end ?? Number.NaN) / 1000);
    if (second <= seconds) done[second] = (done[second] ?? 0) + 1;
  }
  return done.slice(0, seconds);
}

test('16 workers that take 8 ms do 2,000 requests a second, however many are asked for', () => {
  for (const asked of [2500, 10_000]) {
    const [, ...seconds] = taken(new Workers([{ fromMs: 0, workers: 16 }], undefined), asked, 4);
    for (const count of seconds) assert.ok(Math.abs(count - 2000) <= 16, `${count}`);
  }
});

test('below the ceiling nothing is refused and nothing waits', () => {
  const workers = new Workers([{ fromMs: 0, workers: 16 }], 0);
  for (let at = 0; at < 1000; at += 0.6) assert.equal(workers.admit(at, serve), at + SERVICE_MS);
});

test('a full queue refuses; when it has moved on, it takes again', () => {
  const workers = new Workers([{ fromMs: 0, workers: 1 }], 2);
  const ends = [0, 0, 0, 0, 8, 8].map((at) => workers.admit(at, serve));
  assert.deepEqual(ends, [8, 16, 24, undefined, 32, undefined]);
});

test('the queue is twice the workers of the moment unless it is told', () => {
  const workers = new Workers(
    [
      { fromMs: 0, workers: 3 },
      { fromMs: 100, workers: 1 },
    ],
    undefined,
  );
  const admitted = (at: number): number =>
    Array.from({ length: 20 }, () => workers.admit(at, serve)).filter((end) => end !== undefined)
      .length;
  assert.deepEqual([admitted(0), admitted(100)], [9, 3]);
});

test('capacity goes 16, 64, 8 as scheduled', () => {
  const steps = [
    { fromMs: 0, workers: 16 },
    { fromMs: 2000, workers: 64 },
    { fromMs: 4000, workers: 8 },
  ];
  const seconds = taken(new Workers(steps, undefined), 20_000, 6);
  const wanted = [2000, 2000, 8000, 8000, 1000, 1000];
  for (const [second, count] of seconds.entries()) {
    // In the second of a change some of the work of before it is still there.
    assert.ok(Math.abs(count - (wanted[second] ?? 0)) <= 200, `${second}: ${count}`);
  }
});

test('when workers leave, those stay that are free first', () => {
  const workers = new Workers(
    [
      { fromMs: 0, workers: 2 },
      { fromMs: 10, workers: 1 },
    ],
    9,
  );
  assert.equal(
    workers.admit(0, () => 1000),
    1000,
  );
  assert.equal(
    workers.admit(0, () => 20),
    20,
  );
  assert.equal(workers.admit(10, serve), 28);
});

test('no workers take nothing', () => {
  assert.equal(new Workers([{ fromMs: 0, workers: 0 }], 9).admit(0, serve), undefined);
});

const stalls: readonly (readonly [string, number, number, number])[] = [
  ['well before the stall', 100, 8, 108],
  ['up to the stall', 742, 8, 1000],
  ['into the stall', 745, 10, 1005],
  ['within the stall', 900, 10, 1010],
  ['over several rounds', 0, 1600, 2100],
  ['nothing to do, within the stall', 900, 0, 1000],
];
for (const [what, begin, workMs, done] of stalls) {
  test(`a stall of 250 ms each second holds up work: ${what}`, () => {
    assert.equal(doneAt(begin, workMs, 250, 1000), done);
  });
}
