import type { ReportDocument } from '../document/report-document.ts';
import { trialCells, trialHeadings } from '../document/search-view.ts';
import {
  findingHeadings,
  findingRows,
  isValidation,
  kindHeadings,
  kindRows,
  restText,
} from '../document/validation-view.ts';
import { errorCounts, latencyViews } from '../document/views.ts';
import { bytesPerSecond, count, perSecond, span } from '../format.ts';
import type { LatencySummary } from '../latency.ts';
import type { Snaked } from '../snake-case.ts';
import type { Chart } from './chart.ts';
import { figure, pair, section, table } from './elements.ts';
import type { TimeCharts } from './time-charts.ts';

const HEADINGS = ['count', 'mean', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'max'];

export function latencyCells(latency: Snaked<LatencySummary>): readonly string[] {
  const { mean_ms, p50_ms, p90_ms, p95_ms, p99_ms, p999_ms, max_ms } = latency;
  const times = [mean_ms, p50_ms, p90_ms, p95_ms, p99_ms, p999_ms, max_ms];
  return [count(latency.count), ...times.map(span)];
}

/** Rate and latency: over time, by percentile, and as figures. */
export function paceSection(
  document: ReportDocument,
  time: TimeCharts | undefined,
  percentiles: Chart,
): string {
  const views = latencyViews(document);
  const curve =
    views.length > 0
      ? figure(percentiles, 'Latency by percentile', 'The table says the same.')
      : '';
  const rows = views.map(({ name, latency }) => [name, ...latencyCells(latency)]);
  return section(
    'Rate and latency',
    time ? figure(time.rate, 'Rate', 'Transactions a second.') : '',
    pair(time ? figure(time.latency, 'Latency over time', 'Second by second.') : '', curve),
    rows.length > 0 ? table(['Latency', ...HEADINGS], rows) : '',
  );
}

/** The rates that a search tried. */
export function searchSection({ search }: ReportDocument): string {
  const rows = (search?.trials ?? []).map(trialCells);
  const headings = ['Rate', ...trialHeadings.slice(1, -1), 'answer'];
  return rows.length === 0 ? '' : section('Rates that were tried', table(headings, rows, [7]));
}

/** Whether all came back, by id; what did not happen is left out. */
export function matchingSection({ correlation, reconciliation }: ReportDocument): string {
  const counts = correlation ?? reconciliation;
  if (!counts) return '';
  const examples: Readonly<Record<string, readonly string[]>> = correlation
    ? { ...correlation.examples, identical: correlation.examples.duplicate }
    : { missing: reconciliation?.missing_ids ?? [] };
  const rows = Object.entries(counts).flatMap(([name, value]) =>
    typeof value === 'number' && (value > 0 || name === 'matched')
      ? [[name.replaceAll('_', ' '), count(value), (examples[name] ?? []).slice(0, 3).join(', ')]]
      : [],
  );
  return section('Matching', table(['Transactions', 'count', 'for example'], rows, [2]));
}

export function errorSection(document: ReportDocument, time: TimeCharts | undefined): string {
  // A search counts its errors rate by rate, and those of a validation stand among its findings.
  if (document.search || isValidation(document)) return '';
  const found = errorCounts(document);
  const hasSome = time?.errors.lines.some(({ values }) => values.some((value) => value !== 0));
  const rows = found.map(({ of, code, count: times }) => [code, of, count(times)]);
  return section(
    'Errors',
    time && hasSome ? figure(time.errors, 'Errors over time', 'Second by second.') : '',
    rows.length > 0 ? table(['Kind', 'of', 'count'], rows, [1]) : '<p class="soft">None.</p>',
  );
}

/** What a validation found: every kind of error, and the findings line by line. */
export function findingSection(document: ReportDocument): string {
  if (!isValidation(document)) return '';
  const { rows, rest } = findingRows(document);
  const kinds = kindRows(document);
  return section(
    'Findings',
    kinds.length > 0 ? table(kindHeadings, kinds, [2]) : '',
    rows.length > 0 ? table(findingHeadings, rows, [1, 2, 3]) : '',
    rest > 0 ? `<p class="soft">${restText(rest)}</p>` : '',
    kinds.length + rows.length + rest === 0 ? '<p class="soft">None.</p>' : '',
  );
}

export function shardSection({ delivery }: ReportDocument): string {
  if (!delivery || delivery.shards.length === 0) return '';
  const rows = delivery.shards.map((shard) => [
    shard.shard_id,
    count(shard.user_records),
    count(shard.kinesis_records),
    perSecond(shard.user_records_per_second),
    bytesPerSecond(shard.bytes_per_second),
  ]);
  const headings = ['Shard', 'user records', 'Kinesis records', 'rate', 'payload'];
  return section('Shards', table(headings, rows));
}

export function stageSection({ stages = [] }: ReportDocument): string {
  if (stages.length === 0) return '';
  const rows = stages.map((stage) => [
    stage.stage,
    span(stage.duration_seconds * 1000),
    stage.target_per_second === null ? '–' : perSecond(stage.target_per_second),
    perSecond(stage.achieved_per_second),
    count(stage.sent),
    ...(stage.response.count > 0
      ? [span(stage.response.p50_ms), span(stage.response.p99_ms)]
      : ['–', '–']),
  ]);
  return section(
    'Stages',
    table(['Stage', 'for', 'target', 'achieved', 'sent', 'p50', 'p99'], rows),
  );
}
