import { thresholdState } from '../../metrics/thresholds.ts';
import { comparisonState } from '../document/comparison.ts';
import { latencyViews } from '../document/latency-table.ts';
import type { ReportDocument, RunOutcome } from '../document/report-document.ts';
import { cautionOf, keyFigures, titleOf } from '../document/views.ts';
import type { Chart, PageData } from './charts.ts';
import {
  percentileChart,
  type QualityCharts,
  qualityCharts,
  type SearchCharts,
  searchCharts,
  type TimeCharts,
  timeCharts,
} from './charts.ts';
import {
  escaped,
  header,
  type PageParts,
  page,
  section,
  type TableCell,
  table,
} from './elements.ts';
import {
  errorSection,
  findingSection,
  mapSection,
  matchingSection,
  originSection,
  paceSection,
  paritySection,
  qualitySection,
  searchSection,
  shardSection,
  stageSection,
  suspectSection,
} from './sections.ts';
import type { WorldMap } from './world-map.ts';

/** What a report's page is built of. */
export interface ReportPageParts extends PageParts {
  readonly map: WorldMap;
}

/** Returns a report as one HTML page that needs no network: the result first, then the figures behind it. */
export function reportPage(document: ReportDocument, parts: ReportPageParts): string {
  const { series, quality, search } = document;
  const time = series && series.at.length > 1 ? timeCharts(series) : undefined;
  const sought = search && search.trials.length > 1 ? searchCharts(search) : undefined;
  const judged = quality && quality.scores.score.length > 0 ? qualityCharts(quality) : undefined;
  const percentiles = percentileChart(
    latencyViews(document).map(({ name, latency }) => [name, latency]),
  );
  const body = [
    head(document),
    result(document.outcome),
    caution(document),
    figures(document),
    thresholds(document),
    compared(document),
    searchSection(document, sought),
    paceSection(document, time, percentiles),
    stageSection(document),
    matchingSection(document),
    errorSection(document, time),
    findingSection(document),
    shardSection(document),
    qualitySection(document, judged),
    mapSection(document, parts.map),
    suspectSection(document),
    paritySection(document),
    originSection(document),
  ];
  const html = body.filter((part) => part !== '').join('\n');
  return page(titleOf(document), html, dataOf(time, percentiles, judged, sought), parts);
}

function dataOf(
  time: TimeCharts | undefined,
  percentiles: Chart,
  judged: QualityCharts | undefined,
  sought: SearchCharts | undefined,
): PageData {
  const { scores, ...curves } = judged ?? {};
  return {
    charts: [
      ...[time, sought].flatMap((charts) => Object.values(charts ?? {})),
      ...[percentiles, ...Object.values(curves)],
    ],
    ...(scores && { scores }),
  };
}

function head(document: ReportDocument): string {
  const { started_at: at, tool_version: version } = document;
  const facts = [
    ...(at ? [`Started ${at.slice(0, 19).replace('T', ' ')} UTC`] : []),
    ...(version ? [`fraudstream ${version}`] : []),
  ];
  const { command_line: line } = document;
  const command =
    line === undefined
      ? ''
      : `<pre class="command" tabindex="0"><code>${escaped(line)}</code></pre>`;
  return header(titleOf(document), facts.join(' · ')) + command;
}

function result(outcome: RunOutcome | undefined): string {
  if (!outcome) return '';
  const { passed, exit_code: code, reasons } = outcome;
  const word = passed ? 'Passed' : 'Failed';
  const list = reasons.map((reason) => `<li>${escaped(reason)}</li>`).join('');
  return `<div class="result${passed ? '' : ' failed'}" role="status"><strong>${word}</strong> <span class="soft">exit code ${Number(code)}</span>${list === '' ? '' : `<ul>${list}</ul>`}</div>`;
}

function caution(document: ReportDocument): string {
  const text = cautionOf(document);
  return text === undefined ? '' : `<p class="caution" role="note">${escaped(text)}</p>`;
}

function figures(document: ReportDocument): string {
  const rows = keyFigures(document).map(
    ({ name, value, note }) =>
      `<div><dt>${escaped(name)}</dt><dd>${escaped(value)}${note ? `<small>${escaped(note)}</small>` : ''}</dd></div>`,
  );
  return rows.length === 0 ? '' : `<dl class="figures">${rows.join('')}</dl>`;
}

const classes = {
  failed: 'bad',
  regressed: 'bad',
  passed: 'good',
  'not measured': 'soft',
} as const;

function resultCell(state: keyof typeof classes | undefined): TableCell {
  if (state === undefined) return '';
  const text = state === 'not measured' ? 'NOT MEASURED' : state;
  return { text, className: classes[state] };
}

function thresholds({ thresholds: all = [] }: ReportDocument): string {
  const rows = all.map((threshold): readonly TableCell[] => [
    threshold.condition,
    threshold.actual_text,
    resultCell(thresholdState(threshold)),
  ]);
  const headings = ['Condition', 'Actual', 'Result'];
  return rows.length === 0 ? '' : section('Thresholds', table(headings, rows));
}

function compared({ comparison }: ReportDocument): string {
  if (!comparison) return '';
  const rows = comparison.rows.map((row): readonly TableCell[] => [
    row.name,
    ...[row.before, row.now, row.change, row.allowed ?? ''],
    resultCell(comparisonState(row)),
  ]);
  const headings = ['Figure', 'before', 'now', 'change', 'allowed', 'result'];
  return section(
    'Compared with the baseline',
    `<p class="soft">${escaped(comparison.baseline)}</p>`,
    table(headings, rows),
  );
}
