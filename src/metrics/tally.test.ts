import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Reasons } from './tally.ts';

test('reasons that differ in a long figure are one, and the first is told with its figures', () => {
  const reasons = new Reasons();
  for (const port of [39_621, 40_001, 40_002]) {
    reasons.add(`connect: ECONNREFUSED 127.0.0.1:${port}`);
  }
  reasons.add('timeout: no answer in 500 ms', 7);
  reasons.add('timeout: no answer in 501 ms');
  assert.deepEqual(reasons.summary(2), [
    { code: 'timeout: no answer in 500 ms', count: 7 },
    { code: 'connect: ECONNREFUSED 127.0.0.1:39621', count: 3 },
  ]);
});
