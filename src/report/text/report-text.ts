import { answerOf, type LimitAnswer } from '../../metrics/thresholds.ts';
import { count } from '../../text/format.ts';
import { answerOfRow } from '../document/comparison.ts';
import type { ReportDocument, ThresholdOutcome } from '../document/report-document.ts';
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
  latencyViews,
  qualityLine,
  ratio,
  titleOf,
  trialCells,
  trialHeadings,
  unscoredCount,
} from '../document/views.ts';
import { latencyCells } from '../html/sections.ts';
import { type Column, pairs, table } from './layout.ts';

/** What became of each limit: those that hold first, then those that nobody measured. */
export function thresholdText(results: readonly ThresholdOutcome[]): readonly string[] {
  const inOrder = [...results].sort((a, b) => rank(a) - rank(b));
  return pairs(inOrder.map((result, place) => [place === 0 ? 'Limits' : '', lineOf(result)]));
}

const ranks: Readonly<Record<LimitAnswer, number>> = { failed: 0, 'not measured': 1, passed: 2 };

/** Neither that it passed nor that it failed can be said of what was not measured. */
function lineOf(limit: ThresholdOutcome): string {
  const { expression, told } = limit;
  const answer = answerOf(limit);
  if (answer === 'not measured') return `NOT MEASURED  ${expression}  (so it does not hold)`;
  return `${answer === 'failed' ? 'FAILED' : 'passed'}  ${expression}  (${told})`;
}

function rank(limit: ThresholdOutcome): number {
  return ranks[answerOf(limit)];
}

/** A report in lines for the terminal. */
export function reportText(document: ReportDocument): readonly string[] {
  const { outcome, merged } = document;
  const left = merged?.left_out.length
    ? pairs([['Left out', `${merged.left_out.join(', ')}: the reports differ`]])
    : [];
  const told = outcome
    ? pairs([
        ['Answer', `${outcome.held ? 'held' : 'FAILED'} (exit code ${outcome.exit_code})`],
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
    ...told,
    ...left,
    ...(caution === undefined ? [] : pairs([['Caution', caution]])),
    ...thresholdText(document.limits ?? []),
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

const answers = {
  regressed: 'REGRESSED',
  held: 'held',
  'not measured': 'NOT MEASURED',
  none: '',
} as const;

function tables(document: ReportDocument): readonly string[] {
  const latencies = latencyViews(document).map(({ name, latency }) => [
    name,
    ...latencyCells(latency),
  ]);
  const errors = errorCounts(document).map(({ code, of, count: times }) => [
    code,
    of,
    count(times),
  ]);
  const compared = (document.comparison?.rows ?? []).map((row) => [
    row.name,
    ...[row.before, row.now, row.change, row.allowed ?? ''],
    answers[answerOfRow(row) ?? 'none'],
  ]);
  const found = findingRows(document);
  const trials = (document.search?.trials ?? []).map(trialCells);
  return [
    ...titled(trialHeadings, trials),
    ...titled(['Latency', 'count', 'mean', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'max'], latencies),
    ...titled(['Errors', 'of', 'count'], errors),
    ...titled(kindHeadings, kindRows(document)),
    ...titled(findingHeadings, found.rows, false),
    ...(found.rest > 0 ? [`  ${restText(found.rest)}`] : []),
    ...titled(['Compared', 'before', 'now', 'change', 'allowed', ''], compared),
  ];
}

function titled(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  areNumbers = true,
): readonly string[] {
  if (rows.length === 0) return [];
  const columns: readonly Column[] = headings.map((heading, place) => ({
    heading,
    ...(areNumbers && place > 0 && heading !== '' && { isNumber: true }),
  }));
  return ['', ...table(columns, rows).map((line) => `  ${line}`)];
}
