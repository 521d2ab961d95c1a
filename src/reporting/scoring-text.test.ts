import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Scoring } from './scoring.ts';
import { unbounded } from './scoring-bounds.ts';
import { scoringText } from './scoring-text.ts';

const textOf = (limitMs: number, capacityMs: number): string => {
  const summary = new Scoring(0, 0).summary(10, {
    ...unbounded,
    heldBack: { limitMs, capacityMs },
  });
  return scoringText(summary).join('\n');
};

test('the report says by which bound of ours, and for how much of the time, the rate was held back', () => {
  const rows = [
    [
      3_000,
      500,
      /Held back +what was due waited 30.0 % of the time for the adaptive limit, 5.00 % of/,
    ],
    [0, 9_000, /waited 90.0 % of the time for --capacity\n +compare with/],
  ] as const;
  for (const [limitMs, capacityMs, wanted] of rows)
    assert.match(textOf(limitMs, capacityMs), wanted);
  assert.doesNotMatch(textOf(50, 0), /Held back/);
});
