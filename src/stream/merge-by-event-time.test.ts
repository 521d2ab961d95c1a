import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../generators/numbers/random.ts';
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
  arrangesInstants: false,
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

const arranged = { arrangesInstants: true } as const;

test('an instant is arranged by name, also of one lane and over several reads', async () => {
  const named = (input: string, ...names: readonly string[]): Brought<Stamped> => ({
    input,
    records: names.map((name) => ({ at: 1, name })),
    isEnd: false,
  });
  const steps = [named('a', 'e', 'c'), named('b', 'd'), named('a', 'a'), named('b', 'b', 'f')];
  const later = [brought('a', [2]), brought('b', [2])];
  assert.equal(await namesOf([...steps, ...later], arranged), 'a b c d e f a2 b2');
});

test('many ties: whatever the lanes, the reads and their order, time and name alone decide', async () => {
  const random = new Random(5, 0);
  for (let turn = 0; turn < 50; turn += 1) {
    const records = Array.from({ length: 120 }, (_, index) => ({
      at: random.below(12),
      name: `${random.below(1_000_000)} ${index}`,
    }));
    const wanted = [...records]
      .sort((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1))
      .map(({ name }) => name);
    const lanes = ['a', 'b', 'c'].map((input, lane) => ({
      input,
      records: records.filter((_, index) => index % 3 === lane).sort((a, b) => a.at - b.at),
    }));
    const steps: Brought<Stamped>[] = [];
    while (lanes.some((lane) => lane.records.length > 0)) {
      const lane = lanes[random.below(lanes.length)] as (typeof lanes)[number];
      const batch = lane.records.splice(0, 1 + random.below(9));
      if (batch.length > 0) steps.push({ input: lane.input, records: batch, isEnd: false });
    }
    const most = { ...arranged, inputs: ['a', 'b', 'c'], most: 1_000 };
    assert.deepEqual(await namesOf(steps, most), wanted.join(' '));
  }
});

test('a lane of one time alone is not waited for without end', async () => {
  const clock = fakeClock();
  const left: string[] = [];
  async function* steps(): AsyncGenerator<Brought<Stamped>> {
    for (let second = 0; second < 8; second += 1) {
      yield { input: 'a', records: [{ at: 1, name: `${second}` }], isEnd: false };
      await pass(clock, 1_000);
      left.push('second');
    }
  }
  const alone = { ...settings, ...arranged, inputs: ['a'] };
  for await (const { records } of mergedByTime(steps(), clock, alone)) {
    left.push(...records.map(({ name }) => name));
  }
  assert.ok(left.indexOf('0') < 8, left.join(' '));
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
