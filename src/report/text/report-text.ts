import { type ThresholdState, thresholdState } from '../../metrics/thresholds.ts';
import { count } from '../../text/format.ts';
import { comparisonState } from '../document/comparison.ts';
import { latencyHeadings, latencyRows } from '../document/latency-table.ts';
import type { ReportDocument } from '../document/report-document.ts';
import {
  findingHeadings,
  findingRows,
  kindHeadings,
  kindRows,
  restText,
} from '../document/validation-view.ts';
import {
  cautionOf,
  errorCounts,
  fraction,
  keyFigures,
  qualityLine,
  ratio,
  titleOf,
  trialCells,
  trialHeadings,
  unscoredCount,
} from '../document/views.ts';
import { type Column, pairs, table } from './layout.ts';

type ThresholdRow = NonNullable<ReportDocument['thresholds']>[number];

/** Returns a line for each threshold: failed ones first, then those that were not measured. */
export function thresholdText(thresholds: readonly ThresholdRow[]): readonly string[] {
  const inOrder = [...thresholds].sort((a, b) => rank(a) - rank(b));
  return pairs(inOrder.map((one, index) => [index === 0 ? 'Thresholds' : '', lineOf(one)]));
}

const ranks: Readonly<Record<ThresholdState, number>> = { failed: 0, 'not measured': 1, passed: 2 };

function lineOf(threshold: ThresholdRow): string {
  const { condition, actual_text: actual } = threshold;
  const state = thresholdState(threshold);
  if (state === 'not measured') return `NOT MEASURED  ${condition}  (decides nothing)`;
  return `${state === 'failed' ? 'FAILED' : 'passed'}  ${condition}  (${actual})`;
}

function rank(threshold: ThresholdRow): number {
  return ranks[thresholdState(threshold)];
}

/** Renders a report as lines for the terminal. */
export function reportText(document: ReportDocument): readonly string[] {
  const { outcome, merged } = document;
  const left = merged?.left_out.length
    ? pairs([['Left out', `${merged.left_out.join(', ')}: the reports differ`]])
    : [];
  const result = outcome
    ? pairs([
        ['Result', `${outcome.passed ? 'passed' : 'FAILED'} (exit code ${outcome.exit_code})`],
        ...outcome.reasons.map((reason) => ['', reason] as const),
      ])
    : [];
  const caution = cautionOf(document);
  const figures = pairs(
    keyFigures(document).map(({ name, value, note }) => [
      name,
      `${value}${note ? ` (${note})` : ''}`,
    ]),
  );
  return [
    titleOf(document),
    ...result,
    ...left,
    ...(caution === undefined ? [] : pairs([['Caution', caution]])),
    ...thresholdText(document.thresholds ?? []),
    ...figures,
    ...quality(document),
    ...tables(document),
  ];
}

function quality(document: ReportDocument): readonly string[] {
  const { quality: found, quality_of_scored: scored } = document;
  if (!found) return [];
  const isPartial = unscoredCount(document) > 0;
  const cards = found.cards
    ? `, card precision@${found.cards.cards_a_day} ${ratio(found.cards.precision)}`
    : '';
  return pairs([
    ['ranking', `ROC AUC ${fraction(found.roc_auc)}${cards}`],
    ...(scored && isPartial ? [['of the scored', qualityLine(scored)] as const] : []),
    [
      'cost',
      `${count(found.cost)} at ${fraction(found.threshold)}, at best ${count(found.best_cost)} at ${fraction(found.best_threshold)}`,
    ],
  ]);
}

const states = {
  regressed: 'REGRESSED',
  passed: 'passed',
  'not measured': 'NOT MEASURED',
  none: '',
} as const;

function tables(document: ReportDocument): readonly string[] {
  const latencies = latencyRows(document);
  const errors = errorCounts(document).map(({ code, of, count: times }) => [
    code,
    of,
    count(times),
  ]);
  const compared = (document.comparison?.rows ?? []).map((row) => [
    row.name,
    ...[row.before, row.now, row.change, row.allowed ?? ''],
    states[comparisonState(row) ?? 'none'],
  ]);
  const found = findingRows(document);
  const trials = (document.search?.trials ?? []).map(trialCells);
  return [
    ...titled(trialHeadings, trials),
    ...titled(latencyHeadings, latencies),
    ...titled(['Errors', 'of', 'count'], errors),
    ...titled(kindHeadings, kindRows(document)),
    ...titled(findingHeadings, found.rows, false),
    ...(found.rest > 0 ? [`  ${restText(found.rest)}`] : []),
    ...titled(['Compared', 'before', 'now', 'change', 'allowed', 'result'], compared),
  ];
}

function titled(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  areNumbers = true,
): readonly string[] {
  if (rows.length === 0) return [];
  const columns: readonly Column[] = headings.map((heading, index) => ({
    heading,
    ...(areNumbers && index > 0 && heading !== 'result' && { isNumber: true }),
  }));
  return ['', ...table(columns, rows).map((line) => `  ${line}`)];
}
