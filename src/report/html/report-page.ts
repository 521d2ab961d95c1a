import { answerOf } from '../../metrics/thresholds.ts';
import { answerOfRow } from '../document/comparison.ts';
import type { ReportDocument, RunOutcome } from '../document/report-document.ts';
import { cautionOf, keyFigures, latencyViews, titleOf } from '../document/views.ts';
import type { Chart, PageData } from './charts.ts';
import {
  percentileChart,
  type QualityCharts,
  qualityCharts,
  type TimeCharts,
  timeCharts,
} from './charts.ts';
import {
  type TableCell,
  escaped,
  type PageParts,
  page,
  section,
  THEME_BUTTON,
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

/** A report as one page that needs no network: the answer first, then what it rests on. */
export function reportPage(document: ReportDocument, parts: ReportPageParts): string {
  const { series, quality } = document;
  const time = series && series.at.length > 1 ? timeCharts(series) : undefined;
  const judged = quality && quality.scores.score.length > 0 ? qualityCharts(quality) : undefined;
  const percentiles = percentileChart(
    latencyViews(document).map(({ name, latency }) => [name, latency]),
  );
  const body = [
    head(document),
    answer(document.outcome),
    caution(document),
    figures(document),
    limits(document),
    compared(document),
    searchSection(document),
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
  return page(titleOf(document), html, dataOf(time, percentiles, judged), parts);
}

function dataOf(
  time: TimeCharts | undefined,
  percentiles: Chart,
  judged: QualityCharts | undefined,
): PageData {
  const { scores, ...curves } = judged ?? {};
  return {
    charts: [...Object.values(time ?? {}), percentiles, ...Object.values(curves)],
    ...(scores && { scores }),
  };
}

function head(document: ReportDocument): string {
  const { started_at: at, tool_version: version } = document;
  const facts = [
    ...(at ? [`Started ${at.slice(0, 19).replace('T', ' ')} UTC`] : []),
    ...(version ? [`fraudstream ${version}`] : []),
  ];
  return `<header><div class="top"><h1>${escaped(titleOf(document))}</h1>${THEME_BUTTON}</div><p class="soft">${escaped(facts.join(' · '))}</p></header>`;
}

function answer(outcome: RunOutcome | undefined): string {
  if (!outcome) return '';
  const { held, exit_code: code, reasons } = outcome;
  const word = held ? 'Held' : 'Failed';
  const list = reasons.map((reason) => `<li>${escaped(reason)}</li>`).join('');
  return `<div class="answer${held ? '' : ' failed'}" role="status"><strong>${word}</strong> <span class="soft">exit code ${Number(code)}</span>${list === '' ? '' : `<ul>${list}</ul>`}</div>`;
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
  held: 'good',
  'not measured': 'soft',
} as const;

function answerCell(answer: keyof typeof classes | undefined): TableCell {
  if (answer === undefined) return '';
  const text = answer === 'not measured' ? 'NOT MEASURED' : answer;
  return { text, className: classes[answer] };
}

function limits({ limits: all = [] }: ReportDocument): string {
  const rows = all.map((limit): readonly TableCell[] => [
    limit.expression,
    limit.told,
    answerCell(answerOf(limit)),
  ]);
  return rows.length === 0 ? '' : section('Limits', table(['Fail if', 'it is', 'answer'], rows));
}

function compared({ comparison }: ReportDocument): string {
  if (!comparison) return '';
  const rows = comparison.rows.map((row): readonly TableCell[] => [
    row.name,
    ...[row.before, row.now, row.change, row.allowed ?? ''],
    answerCell(answerOfRow(row)),
  ]);
  const headings = ['Figure', 'before', 'now', 'change', 'allowed', 'answer'];
  return section(
    'Compared with the baseline',
    `<p class="soft">${escaped(comparison.baseline)}</p>`,
    table(headings, rows),
  );
}
