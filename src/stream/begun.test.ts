import assert from 'node:assert/strict';
import { test } from 'node:test';
import { begun } from './begun.ts';

async function all<T>(groups: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const seen: T[] = [];
  for await (const group of groups) seen.push(...group);
  return seen;
}

test('reads ahead what comes at once, no further than asked for, and loses nothing', async () => {
  let made = 0;
  function* source(): Generator<readonly number[]> {
    for (; made < 10; made += 1) yield [made, -made];
  }
  const groups = await begun(source(), 5);
  assert.equal(made, 2);
  assert.deepEqual(await all(groups), Array.from({ length: 10 }, (_, n) => [n, -n]).flat());
});

test('does not wait for more than the first group', async () => {
  let more: () => void = () => undefined;
  const later = new Promise<void>((resolve) => {
    more = resolve;
  });
  async function* source(): AsyncGenerator<readonly number[]> {
    yield [1];
    await later;
    yield [2];
  }
  const groups = await begun(source(), 100);
  more();
  assert.deepEqual(await all(groups), [1, 2]);
});

test('an error comes where it would have come, after the groups before it', async () => {
  async function* source(): AsyncGenerator<readonly number[]> {
    yield [1];
    throw new Error('no more');
  }
  const groups = await begun(source(), 100);
  const seen: number[] = [];
  await assert.rejects(async () => {
    for await (const group of groups) seen.push(...group);
  }, /no more/);
  assert.deepEqual(seen, [1]);
});

test('whoever stops early ends the source', async () => {
  let isEnded = false;
  function* source(): Generator<readonly number[]> {
    try {
      for (;;) yield [1];
    } finally {
      isEnded = true;
    }
  }
  for await (const _ of await begun(source(), 3)) break;
  assert.ok(isEnded);
});
