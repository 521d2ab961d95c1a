import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergedDocument } from '../merge/merge-reports.ts';
import { outcomeOf } from './outcome.ts';
import type { EndedBy, ReportDocument } from './report-document.ts';

const head = { schema_version: 2, command: 'run' } as const;
const thresholds = [
  { condition: 'matched < 100%', passed: false, actual: 0.99, actual_text: '99 %' },
];
const source = { rejected_lines: 2 };
const stopped: EndedBy = { exit_code: 143, reason: 'stopped by SIGTERM' };
const broken: EndedBy = { exit_code: 69, reason: 'The stream cannot be reached' };

test('the outcome of a report has the exit code of its process: a broken run, bad lines, a signal, a loss, a threshold', () => {
  const cases: readonly (readonly [Partial<ReportDocument>, number])[] = [
    [{}, 0],
    [{ thresholds }, 99],
    [{ thresholds, foreign_rejects: 3 }, 99],
    [{ thresholds, undelivered_verdicts: 1 }, 75],
    [{ thresholds, undelivered_verdicts: 1, ended_by: stopped }, 143],
    [{ thresholds, source, undelivered_verdicts: 1 }, 65],
    [{ invalid: 1 }, 65],
    [{ thresholds, source, ended_by: broken }, 69],
    [
      { search: { is_ours: false, trials: [] } as unknown as ReportDocument['search'] & object },
      99,
    ],
  ];
  for (const [sections, code] of cases) {
    const { passed, exit_code: actual, reasons } = outcomeOf({ ...head, ...sections });
    assert.equal(actual, code, JSON.stringify(sections));
    assert.equal(passed, code === 0);
    assert.equal(reasons.length > 0, code !== 0);
  }
});

test('every cause is a reason, and none is one twice', () => {
  const counted = (correlation: object, delivery: object): Partial<ReportDocument> =>
    ({ correlation, delivery }) as unknown as Partial<ReportDocument>;
  const cases: readonly (readonly [Partial<ReportDocument>, readonly RegExp[]])[] = [
    // A broken run has transactions without any receipt.
    [
      counted({ missing: 214, undelivered: 87 }, { failed: 0 }),
      [/^87 transactions were not delivered/, /^214 .* neither a verdict/],
    ],
    [counted({ undelivered: 87 }, { failed: 87 }), [/^87 transactions were not delivered/]],
    // Of an id that was sent twice one put may fail.
    [counted({ undelivered: 0 }, { failed: 1 }), [/^1 records were not delivered/]],
    [
      counted({ unscored: 1, rejected: 2, missing: 3, undelivered: 4 }, { failed: 5 }),
      [/^5 /, /^4 /, /^3 /, /^1 /, /^2 /],
    ],
    [{ source: { unread_records: 6, rejected_lines: 7 } }, [/^6 records/, /^7 lines/]],
  ];
  for (const [sections, wanted] of cases) {
    const { passed, reasons } = outcomeOf({ ...head, ...sections });
    assert.equal(passed, false);
    assert.equal(reasons.length, wanted.length, reasons.join('; '));
    for (const [index, pattern] of wanted.entries()) assert.match(reasons[index] ?? '', pattern);
  }
});

test('a merged report ended as the worst of its parts did', () => {
  const parts = [{}, { ended_by: stopped }, { ended_by: broken }, { ended_by: stopped }];
  const ended = (some: readonly Partial<ReportDocument>[]): unknown =>
    mergedDocument(some.map((part) => ({ ...head, ...part }))).ended_by;
  assert.deepEqual(ended(parts.slice(0, 2)), stopped);
  const reason = 'stopped by SIGTERM; The stream cannot be reached';
  assert.deepEqual(ended(parts), { exit_code: 69, reason });
});
