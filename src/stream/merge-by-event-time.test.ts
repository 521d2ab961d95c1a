import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from './clock.ts';
import { type Brought, mergedByTime } from './merge-by-event-time.ts';

interface Stamped {
  readonly at: number;
  readonly name: string;
}

/** A clock that goes on by what is slept. */
function fakeClock(): Clock & { pass(ms: number): void } {
  let now = 0;
  return {
    now: () => now,
    pass: (ms) => {
      now += ms;
    },
    sleep: async (ms, signal) => {
      // Whatever else can happen happens first.
      for (let breath = 0; breath < 10; breath += 1) await new Promise(setImmediate);
      if (!signal?.aborted) now += ms;
    },
  };
}

/** Lets happen what can, and then time go on. */
async function pass(clock: { pass(ms: number): void }, ms: number): Promise<void> {
  await new Promise(setImmediate);
  clock.pass(ms);
}

const settings = {
  inputs: ['a', 'b'],
  timeOf: ({ at }: Stamped) => at,
  nameOf: ({ name }: Stamped) => name,
  quietMs: 1_000,
  most: 100,
};
const brought = (input: string, ats: readonly number[], isEnd = false): Brought<Stamped> => ({
  input,
  records: ats.map((at) => ({ at, name: `${input}${at}` })),
  isEnd,
});

async function namesOf(
  steps: Iterable<Brought<Stamped>> | AsyncIterable<Brought<Stamped>>,
  changes: Partial<typeof settings> = {},
  clock: Clock = fakeClock(),
): Promise<string> {
  async function* source(): AsyncGenerator<Brought<Stamped>> {
    yield* steps;
  }
  const names: string[] = [];
  for await (const turn of mergedByTime(source(), clock, { ...settings, ...changes })) {
    names.push(
      ...turn.records.map(({ name }) => name),
      ...turn.ended.map((input) => `end of ${input}`),
    );
  }
  return names.join(' ');
}

test('lanes in order leave in the order of time, whichever is read first', async () => {
  const a = [brought('a', [1, 4, 5]), brought('a', [8])];
  const b = [brought('b', [2, 3]), brought('b', [6, 7])];
  const wanted = 'a1 b2 b3 a4 a5 b6 b7 a8';
  assert.equal(await namesOf([...a, ...b]), wanted);
  assert.equal(await namesOf([...b, ...a]), wanted);
  assert.equal(
    await namesOf([a, b].flatMap(([first]) => first ?? []).concat(a[1] ?? [], b[1] ?? [])),
    wanted,
  );
});

test('of one time the lesser name is first, and a lane keeps its own order', async () => {
  assert.equal(await namesOf([brought('b', [3, 1]), brought('a', [3, 2])]), 'a3 a2 b3 b1');
});

test('a lane that is not heard of holds the others up, however long', async () => {
  const clock = fakeClock();
  async function* steps(): AsyncGenerator<Brought<Stamped>> {
    yield brought('a', [5]);
    clock.pass(60_000);
    yield brought('b', [1, 2]);
    clock.pass(60_000);
    yield brought('b', [3, 9]);
    yield brought('a', [6]);
  }
  assert.equal(await namesOf(steps(), {}, clock), 'b1 b2 b3 a5 a6 b9');
});

test('a lane that had nothing after a second holds up no more what was there before', async () => {
  const clock = fakeClock();
  const left: string[] = [];
  async function* steps(): AsyncGenerator<Brought<Stamped>> {
    yield brought('a', [5]);
    await pass(clock, 400);
    yield brought('b', []);
    await pass(clock, 700);
    left.push('b had nothing, but too early to tell');
    yield brought('a', [6]);
    yield brought('b', []);
    await pass(clock, 400);
    left.push('b had nothing');
    yield brought('b', [7]);
  }
  for await (const { records } of mergedByTime(steps(), clock, settings)) {
    left.push(...records.map(({ name }) => name));
  }
  const wanted = ['b had nothing, but too early to tell', 'a5', 'b had nothing', 'a6', 'b7'];
  assert.deepEqual(left, wanted);
});

test('no more than `most` are held: then the earliest leaves', async () => {
  const steps = [brought('a', [1, 2, 3, 4]), brought('b', [0, 9])];
  assert.equal(await namesOf(steps, { most: 2 }), 'a1 a2 b0 a3 a4 b9');
});

test('a lane that ended is told, and waited for a while for what follows it', async () => {
  const clock = fakeClock();
  async function* steps(): AsyncGenerator<Brought<Stamped>> {
    yield brought('a', [1], true);
    yield brought('b', [2, 6]);
    await pass(clock, 500);
    yield brought('c', [3]);
    await pass(clock, 5_000);
    yield brought('c', [7]);
  }
  assert.equal(await namesOf(steps(), {}, clock), 'a1 end of a b2 c3 b6 c7');
});

test('a source that fails fails the merge', async () => {
  async function* steps(): AsyncGenerator<Brought<Stamped>> {
    yield brought('a', [1]);
    throw new Error('no more');
  }
  await assert.rejects(namesOf(steps()), /no more/);
});
