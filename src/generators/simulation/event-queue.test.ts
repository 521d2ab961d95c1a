import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../numbers/random.ts';
import { TransactionDraft } from './draft.ts';
import { type Actor, EventQueue } from './event-queue.ts';

test('actors act in the order of their times, and those who are done leave', () => {
  const random = new Random(1, 1);
  const eventQueue = new EventQueue();
  const acts: number[] = [];
  const actor = (times: number): Actor => {
    let left = times;
    return {
      act(_, atMs, others) {
        acts.push(atMs);
        left -= 1;
        if (left === 3) others.add(actor(2), atMs + random.unit());
        return left > 0 ? atMs + random.unit() : Number.POSITIVE_INFINITY;
      },
    };
  };
  for (let index = 0; index < 20; index += 1) eventQueue.add(actor(5), random.unit());
  const draft = new TransactionDraft();
  while (eventQueue.nextAtMs < Number.POSITIVE_INFINITY) eventQueue.advance(draft);
  assert.equal(acts.length, 20 * (5 + 2));
  assert.deepEqual(
    acts,
    acts.toSorted((a, b) => a - b),
  );
});
