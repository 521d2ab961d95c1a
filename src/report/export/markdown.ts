import { thresholdState } from '../../metrics/thresholds.ts';
import { count } from '../../text/format.ts';
import { comparisonState } from '../document/comparison.ts';
import { arrivalOf, latencyHeadings, latencyRows } from '../document/latency-table.ts';
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
  keyFigures,
  qualityLine,
  ratio,
  titleOf,
  trialCells,
  trialHeadings,
  unscoredCount,
} from '../document/views.ts';
import { pausesSentence } from '../text/pauses-text.ts';

/** Renders a report as GitHub's Markdown: for a pull request, a wiki, or the summary of a CI job. */
export function markdown(document: ReportDocument): string {
  const { outcome } = document;
  const result = outcome
    ? [`**${outcome.passed ? 'Passed' : 'Failed'}** (exit code ${Number(outcome.exit_code)})`]
    : [];
  const reasons = (outcome?.reasons ?? []).map((reason) => `- ${inline(reason)}`).join('\n');
  const caution = cautionOf(document);
  const parts = [
    `## ${inline(titleOf(document))}`,
    ...result,
    reasons,
    caution === undefined ? '' : `> ${inline(caution)}`,
    keyFigures(document)
      .map(
        ({ name, value, note }) =>
          `${inline(name)} **${inline(value)}**${note ? ` (${inline(note)})` : ''}`,
      )
      .join(' · '),
    ...sections(document),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

const marks = {
  failed: '❌',
  regressed: '❌',
  passed: '✅',
  'not measured': 'NOT MEASURED',
  none: '',
} as const;

function sections(document: ReportDocument): readonly string[] {
  const { thresholds = [], comparison, scenarios = [], pauses } = document;
  const errors = errorCounts(document);
  const trials = (document.search?.trials ?? []).map(trialCells);
  return [
    rows(trialHeadings, trials),
    rows(
      ['Threshold', 'Actual', 'Result'],
      thresholds.map((threshold) => [
        threshold.condition,
        threshold.actual_text,
        marks[thresholdState(threshold)],
      ]),
    ),
    rows(
      ['Compared with the baseline', 'before', 'now', 'change', 'allowed', 'result'],
      (comparison?.rows ?? []).map((row) => [
        row.name,
        ...[row.before, row.now, row.change, row.allowed ?? ''],
        marks[comparisonState(row) ?? 'none'],
      ]),
    ),
    rows(latencyHeadings, latencyRows(document)),
    document.arrival ? `Arrival of verdicts: ${arrivalOf(document.arrival)}.` : '',
    pauses ? `Pauses of this process, which latencies include: ${pausesSentence(pauses)}.` : '',
    rows(
      ['Errors', 'of', 'count'],
      errors.map(({ code, of, count: times }) => [code, of, count(times)]),
    ),
    ...findings(document),
    ...qualityLines(document),
    rows(
      ['Scenario', 'frauds', 'found', 'recall'],
      scenarios.map((one) => [
        one.scenario,
        count(one.frauds),
        count(one.found),
        ratio(one.recall),
      ]),
    ),
  ];
}

function findings(document: ReportDocument): readonly string[] {
  const found = findingRows(document);
  return [
    rows(kindHeadings, kindRows(document)),
    rows(findingHeadings, found.rows),
    restText(found.rest),
  ];
}

function qualityLines(document: ReportDocument): readonly string[] {
  const { quality, quality_of_scored: scored } = document;
  if (!quality) return [];
  const unscored = unscoredCount(document);
  const line = `Verdicts at threshold ${Number(quality.threshold.toFixed(4))}: ${qualityLine(quality)}.`;
  if (!scored || unscored === 0) return [line];
  return [
    line,
    `${count(unscored)} transactions got no score, ${count(quality.missed_unscored)} frauds among them, which count as missed. Among those scored: ${qualityLine(scored)}.`,
  ];
}

/** A table; nothing without rows. All columns but the first stand to the right. */
function rows(headings: readonly string[], cells: readonly (readonly string[])[]): string {
  if (cells.length === 0) return '';
  const line = (row: readonly string[]): string => `| ${row.map(inline).join(' | ')} |`;
  const ruler = headings.map((_, index) => (index === 0 ? '---' : '--:'));
  return [line(headings), `| ${ruler.join(' | ')} |`, ...cells.map(line)].join('\n');
}

/** Text in which nothing is Markdown. */
function inline(text: string): string {
  return text.replace(/[\\|*_`<>[\]~#&$]/g, (character) => `\\${character}`).replace(/\s+/g, ' ');
}
