import type { LatencySummary } from '../../metrics/latency.ts';
import type { Snaked } from '../../metrics/snake-case.ts';
import { count, span } from '../../text/format.ts';
import type { ReportDocument } from './report-document.ts';
import { latencyViews } from './views.ts';

/** Columns of every latency table: a name, the number of samples, and milliseconds as text. */
export const latencyHeadings: readonly string[] = [
  'Latency',
  ...['count', 'mean', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'max'],
];

/** Returns the cells of a latency without its name; a dash for what was not measured. */
export function latencyCells(latency: Snaked<LatencySummary>): readonly string[] {
  const { mean_ms, p50_ms, p90_ms, p95_ms, p99_ms, p999_ms, max_ms } = latency;
  const times = [mean_ms, p50_ms, p90_ms, p95_ms, p99_ms, p999_ms, max_ms];
  return [count(latency.count), ...times.map(span)];
}

/** Returns a row for each latency that a report measured. */
export function latencyRows(document: ReportDocument): readonly (readonly string[])[] {
  return latencyViews(document).map(({ name, latency }) => [name, ...latencyCells(latency)]);
}
