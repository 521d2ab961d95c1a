import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orStopped, untilStopped } from './async-iterables.ts';

test('a silent source is left as soon as the signal aborts', async () => {
  const stop = new AbortController();
  async function* source(): AsyncGenerator<number> {
    yield 1;
    setImmediate(() => stop.abort());
    await new Promise(() => undefined);
  }
  const seen: number[] = [];
  for await (const record of untilStopped(source(), stop.signal)) seen.push(record);
  assert.deepEqual(seen, [1]);
});

test('without a signal everything comes through, errors too', async () => {
  const stop = new AbortController().signal;
  async function* source(): AsyncGenerator<number> {
    yield* [1, 2, 3];
    throw new Error('broken');
  }
  const seen: number[] = [];
  await assert.rejects(async () => {
    for await (const record of untilStopped(source(), stop)) seen.push(record);
  }, /broken/);
  assert.deepEqual(seen, [1, 2, 3]);
});

test('a promise that fails after the stop is handled', async () => {
  const stop = AbortSignal.abort();
  const late = new Promise<never>((_, reject) => {
    setImmediate(() => reject(new Error('closed')));
  });
  assert.equal(await orStopped(late, stop), undefined);
  // Were it unhandled, the runner would fail this test while it waits.
  await new Promise(setImmediate);
  await new Promise(setImmediate);
});
