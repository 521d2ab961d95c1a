import { pausesSentence } from '../../metrics/pauses.ts';
import { answerOf } from '../../metrics/thresholds.ts';
import { count } from '../../text/format.ts';
import { answerOfRow } from '../document/comparison.ts';
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
  latencyViews,
  qualityLine,
  ratio,
  titleOf,
  trialCells,
  trialHeadings,
  unscoredCount,
} from '../document/views.ts';
import { latencyCells } from '../html/sections.ts';

/** A report as GitHub's Markdown: for a pull request, a wiki, or the summary of a CI job. */
export function markdown(document: ReportDocument): string {
  const { outcome } = document;
  const answer = outcome
    ? [`**${outcome.held ? 'Held' : 'Failed'}** (exit code ${Number(outcome.exit_code)})`]
    : [];
  const reasons = (outcome?.reasons ?? []).map((reason) => `- ${inline(reason)}`).join('\n');
  const caution = cautionOf(document);
  const parts = [
    `## ${inline(titleOf(document))}`,
    ...answer,
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
  held: '✅',
  'not measured': 'NOT MEASURED',
  none: '',
} as const;

function sections(document: ReportDocument): readonly string[] {
  const { limits = [], comparison, scenarios = [], pauses } = document;
  const latencies = latencyViews(document);
  const errors = errorCounts(document);
  const trials = (document.search?.trials ?? []).map(trialCells);
  return [
    rows(trialHeadings, trials),
    rows(
      ['Fail if', 'it is', ''],
      limits.map((limit) => [limit.expression, limit.told, marks[answerOf(limit)]]),
    ),
    rows(
      ['Compared with the baseline', 'before', 'now', 'change', 'allowed', ''],
      (comparison?.rows ?? []).map((row) => [
        row.name,
        ...[row.before, row.now, row.change, row.allowed ?? ''],
        marks[answerOfRow(row) ?? 'none'],
      ]),
    ),
    rows(
      ['Latency', 'count', 'mean', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'max'],
      latencies.map(({ name, latency }) => [name, ...latencyCells(latency)]),
    ),
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
    `${count(unscored)} transactions got no score, ${count(quality.missed_unscored)} frauds among them, which count as missed. Of the scored: ${qualityLine(scored)}.`,
  ];
}

/** A table; nothing without rows. All columns but the first stand to the right. */
function rows(headings: readonly string[], cells: readonly (readonly string[])[]): string {
  if (cells.length === 0) return '';
  const line = (row: readonly string[]): string => `| ${row.map(inline).join(' | ')} |`;
  const ruler = headings.map((_, place) => (place === 0 ? '---' : '--:'));
  return [line(headings), `| ${ruler.join(' | ')} |`, ...cells.map(line)].join('\n');
}

/** Text in which nothing is Markdown. */
function inline(text: string): string {
  return text.replace(/[\\|*_`<>[\]~#&$]/g, (letter) => `\\${letter}`).replace(/\s+/g, ' ');
}
