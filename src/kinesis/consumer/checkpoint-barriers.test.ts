import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CheckpointBarriers } from './checkpoint-barriers.ts';

test('a cut is given when everything before it is done, whatever comes after', () => {
  const cuts = new CheckpointBarriers<string>();
  const first = [cuts.admit(), cuts.admit()];
  cuts.barrier('a');
  const second = cuts.admit();
  assert.equal(cuts.take(), undefined);
  cuts.done(second);
  cuts.done(first[0] ?? -1);
  assert.equal(cuts.take(), undefined);
  cuts.done(first[1] ?? -1);
  assert.equal(cuts.take(), 'a');
  assert.equal(cuts.take(), undefined);
  cuts.barrier('b');
  assert.equal(cuts.take(), 'b');
});

test('of several cuts that are done the latest is given', () => {
  const cuts = new CheckpointBarriers<string>();
  const epochs = ['a', 'b', 'c'].map((barrier) => {
    const epoch = cuts.admit();
    cuts.barrier(barrier);
    return epoch;
  });
  cuts.done(epochs[1] ?? -1);
  assert.equal(cuts.take(), undefined);
  cuts.done(epochs[0] ?? -1);
  assert.equal(cuts.take(), 'b');
});

test('ordinals find their epoch, and what a record owes twice is done twice', () => {
  const cuts = new CheckpointBarriers<string>();
  for (let record = 0; record < 3; record += 1) cuts.admit();
  cuts.barrier('a');
  for (let record = 0; record < 2; record += 1) cuts.admit();
  const epochs = [0, 1, 2, 3, 4].map((ordinal) => cuts.epochOf(ordinal));
  assert.deepEqual(epochs, [epochs[0], epochs[0], epochs[0], epochs[4], epochs[4]]);
  assert.notEqual(epochs[0], epochs[4]);
  cuts.owe(epochs[0] ?? -1);
  cuts.done(epochs[0] ?? -1, 3);
  assert.equal(cuts.take(), undefined);
  cuts.done(epochs[0] ?? -1);
  assert.equal(cuts.take(), 'a');
});
