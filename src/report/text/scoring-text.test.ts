import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Scoring, unbounded } from '../../metrics/scoring.ts';
import type { ScoringOutcome } from '../../transactions/scoring-outcome.ts';
import { scoringText } from './scoring-text.ts';

const textOf = (limitMs: number, capacityMs: number): string => {
  const summary = new Scoring(0, 0).summary(10, {
    ...unbounded,
    admissionWait: { limitMs, capacityMs },
  });
  return scoringText(summary).join('\n');
};

test('a run that was not longer than its warm-up has no latencies, and says why', () => {
  const scoring = new Scoring(1_000, 500);
  const outcome = {
    ...{ ordinal: 0, score: 0.5, modelVersion: undefined, error: undefined, reason: undefined },
    ...{ attempts: 1, dueAt: 1_400, sentAt: 1_401, settledAt: 1_405 },
  };
  const candidate = {} as ScoringOutcome['candidate'];
  scoring.add([{ candidate, ...outcome }]);
  const summary = scoring.summary(0.4, unbounded);
  assert.deepEqual([summary.warmUpTransactions, summary.response.count], [1, 0]);
  assert.match(scoringText(summary).join('\n'), /Warm-up +the run was not longer than --warm-up/);
  // How long one without a rate takes nobody knows beforehand.
  const unpaced = new Scoring(1_000, 500, false);
  unpaced.add([{ candidate, ...outcome }]);
  const whole = unpaced.summary(0.4, unbounded);
  assert.deepEqual([whole.warmUpSeconds, whole.response.count], [0, 1]);
  assert.match(scoringText(whole).join('\n'), /Warm-up +.*its latencies include the start/);
  scoring.add([{ candidate, ...outcome, dueAt: 1_500, sentAt: 1_501, settledAt: 1_505 }]);
  const longer = scoring.summary(0.6, unbounded);
  assert.equal(longer.response.count, 1);
  assert.doesNotMatch(scoringText(longer).join('\n'), /Warm-up/);
});

test('the report says by which bound of ours, and for how much of the time, due transactions waited', () => {
  const rows = [
    [
      3_000,
      500,
      /Admission wait +due transactions waited 30.0 % of the time for the adaptive limit, 5.00 % of/,
    ],
    [0, 9_000, /waited 90.0 % of the time for --capacity\n +compare with/],
  ] as const;
  for (const [limitMs, capacityMs, wanted] of rows)
    assert.match(textOf(limitMs, capacityMs), wanted);
  assert.doesNotMatch(textOf(50, 0), /Admission wait/);
});
