import assert from 'node:assert/strict';
import { test } from 'node:test';
import { thresholdText } from '../report/text/report-text.ts';
import { figuresOf } from './figures.ts';
import { snaked } from './snake-case.ts';
import { evaluateThresholds, figureOf, type Threshold } from './thresholds.ts';

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

const threshold = (
  name: string,
  operator: Threshold['operator'],
  value: number,
  unit: Threshold['unit'],
): Threshold => ({
  condition: '',
  name,
  operator,
  value,
  unit,
});

/** The threshold, whether its condition is true, and the figure it was compared with. */
const table: readonly (readonly [Threshold, boolean, number | undefined])[] = [
  [threshold('delivery.response.p99', '>', 250, 'ms'), false, 250],
  [threshold('delivery.response.p99', '>=', 250, 'ms'), true, 250],
  [threshold('response.p999', '<', 1_000, 'none'), true, 900],
  [threshold('failed', '>', 0.01, 'percent'), true, 0.015],
  [threshold('failed', '>', 3, 'none'), false, 3],
  [threshold('accepted', '<', 1, 'percent'), false, 1],
  [threshold('duration', '<=', 2_000, 'ms'), true, 2_000],
  [threshold('records_per_second', '<', 101, 'per-second'), true, 100],
  [threshold('recall', '<', 0.6, 'percent'), false, 0.6],
  [threshold('precision', '<', 0.6, 'none'), false, undefined],
  [threshold('failures_by_code.Expired', '==', 3, 'none'), true, 3],
  [threshold('failures_by_code.Timeout', '!=', 0, 'none'), false, 0],
  [threshold('failures_by_kind.timeout', '>', 1, 'none'), true, 2],
  [threshold('failures_by_kind.connect', '>', 0, 'none'), false, 0],
  [threshold('scoring.unscored_by_kind.timeout', '>=', 0, 'none'), true, 0],
  [threshold('failures_by_kind.timeuot', '>=', 0, 'none'), false, undefined],
  [threshold('nothing', '>', 0, 'none'), false, undefined],
];
for (const [asked, isTrue, actual] of table) {
  test(`${asked.name} ${asked.operator} ${asked.value} ${asked.unit} ${isTrue ? 'fails' : 'does not fail'}`, () => {
    const [result] = evaluateThresholds([asked], figures);
    assert.equal(result?.passed, actual === undefined ? null : !isTrue);
    assert.equal(result?.actual, actual ?? null);
  });
}

test('details from which figures are made are no figures themselves', () => {
  assert.ok([...figures.all.keys()].every((name) => !name.startsWith('series')));
  assert.deepEqual(figures.open, ['delivery.failures_by_code']);
});

test('a kind that scoring does not know is an unknown figure, and the real one is among the names', () => {
  const unfit = figureOf(threshold('unscored_by_kind.timeuot', '>', 0, 'none'), figures);
  assert.ok('kind' in unfit && unfit.kind === 'unknown');
  assert.ok(unfit.names.includes('scoring.unscored_by_kind.timeout'));
});

test('of a code that nobody can know beforehand it is told that it was not seen', () => {
  const [mistyped, seen] = evaluateThresholds(
    [
      threshold('failures_by_code.Expierd', '>', 0, 'none'),
      threshold('failures_by_code.Expired', '>', 9, 'none'),
    ],
    figures,
  );
  assert.equal(mistyped?.actualText, '0: no such code was seen');
  assert.equal(seen?.actualText, '3');
});

test('a threshold on what was not measured is neither passed nor failed, and stands before what passed', () => {
  const text = thresholdText(
    snaked(
      evaluateThresholds(
        [threshold('recall', '<', 0.5, 'none'), threshold('precision', '<', 0.5, 'none')],
        figures,
      ),
    ),
  );
  assert.match(text[0] ?? '', /Thresholds +NOT MEASURED/);
  assert.match(text[1] ?? '', /passed/);
});
