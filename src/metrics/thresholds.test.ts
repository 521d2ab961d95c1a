import assert from 'node:assert/strict';
import { test } from 'node:test';
import { thresholdText } from '../report/text/report-text.ts';
import { figuresOf } from './figures.ts';
import { figureOf, judge, type Threshold } from './thresholds.ts';

const figures = figuresOf({
  delivery: {
    sent: 200,
    failed: 3,
    accepted: 200,
    duration_seconds: 2,
    records_per_second: 100,
    response: { p99_ms: 250, p999_ms: 900 },
    failures_by_code: [{ code: 'Expired', count: 3 }],
  },
  scoring: { failures_by_kind: [{ code: 'timeout', count: 2 }], unscored_by_kind: [] },
  quality: { recall: 0.6, precision: null },
  series: { at: [1, 2, 3], due: [5, 5, 5] },
});

const limit = (
  name: string,
  operator: Threshold['operator'],
  value: number,
  unit: Threshold['unit'],
): Threshold => ({
  expression: '',
  name,
  operator,
  value,
  unit,
});

/** The limit, whether it holds, and the figure it was compared with. */
const table: readonly (readonly [Threshold, boolean, number | undefined])[] = [
  [limit('delivery.response.p99', '>', 250, 'ms'), false, 250],
  [limit('delivery.response.p99', '>=', 250, 'ms'), true, 250],
  [limit('response.p999', '<', 1_000, 'none'), true, 900],
  [limit('failed', '>', 0.01, 'percent'), true, 0.015],
  [limit('failed', '>', 3, 'none'), false, 3],
  [limit('accepted', '<', 1, 'percent'), false, 1],
  [limit('duration', '<=', 2_000, 'ms'), true, 2_000],
  [limit('records_per_second', '<', 101, 'per-second'), true, 100],
  [limit('recall', '<', 0.6, 'percent'), false, 0.6],
  [limit('precision', '<', 0.6, 'none'), false, undefined],
  [limit('failures_by_code.Expired', '==', 3, 'none'), true, 3],
  [limit('failures_by_code.Timeout', '!=', 0, 'none'), false, 0],
  [limit('failures_by_kind.timeout', '>', 1, 'none'), true, 2],
  [limit('failures_by_kind.connect', '>', 0, 'none'), false, 0],
  [limit('scoring.unscored_by_kind.timeout', '>=', 0, 'none'), true, 0],
  [limit('failures_by_kind.timeuot', '>=', 0, 'none'), false, undefined],
  [limit('nothing', '>', 0, 'none'), false, undefined],
];
for (const [asked, holds, actual] of table) {
  test(`${asked.name} ${asked.operator} ${asked.value} ${asked.unit} ${holds ? 'holds' : 'does not hold'}`, () => {
    const [result] = judge([asked], figures);
    assert.equal(result?.holds, holds);
    assert.equal(result?.actual, actual);
  });
}

test('details from which figures are made are no figures themselves', () => {
  assert.ok([...figures.all.keys()].every((name) => !name.startsWith('series')));
  assert.deepEqual(figures.open, ['delivery.failures_by_code']);
});

test('a kind that scoring does not know is an unknown figure, and the real one is among the names', () => {
  const unfit = figureOf(limit('unscored_by_kind.timeuot', '>', 0, 'none'), figures);
  assert.ok('kind' in unfit && unfit.kind === 'unknown');
  assert.ok(unfit.names.includes('scoring.unscored_by_kind.timeout'));
});

test('of a code that nobody can know beforehand it is told that it was not seen', () => {
  const [mistyped, seen] = judge(
    [
      limit('failures_by_code.Expierd', '>', 0, 'none'),
      limit('failures_by_code.Expired', '>', 9, 'none'),
    ],
    figures,
  );
  assert.equal(mistyped?.told, '0: no such code was seen');
  assert.equal(seen?.told, '3');
});

test('a limit on what was not measured is neither passed nor failed, and stands before what passed', () => {
  const text = thresholdText(
    judge([limit('recall', '<', 0.5, 'none'), limit('precision', '<', 0.5, 'none')], figures),
  );
  assert.match(text[0] ?? '', /Limits +NOT MEASURED/);
  assert.match(text[1] ?? '', /passed/);
});
