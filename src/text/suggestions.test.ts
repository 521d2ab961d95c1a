import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest } from './suggestions.ts';

const rows: ReadonlyArray<readonly [string, readonly string[], string | undefined]> = [
  ['rat', ['rate', 'report'], 'rate'],
  ['prodcue', ['produce', 'consume'], 'produce'],
  ['agregation-enabled', ['aggregation-enabled', 'aggregation-max-count'], 'aggregation-enabled'],
  ['rate', ['rates', 'rate'], 'rate'],
  ['elephant', ['rate', 'report'], undefined],
  ['anything', [], undefined],
];

for (const [word, candidates, meant] of rows) {
  test(`of ${candidates.join(', ') || 'nothing'} who writes ${word} means ${meant ?? 'none'}`, () => {
    assert.equal(nearest(word, candidates), meant);
  });
}
