import { span } from './format.ts';
import type { LatencySummary } from './latency.ts';
import { type Column, table } from './table.ts';

const columns: readonly Column[] = [
  { heading: 'Latency' },
  ...['mean', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'max'].map((heading) => ({
    heading,
    isNumber: true,
  })),
];

/** Latencies by name, a row each. */
export function latencyText(
  rows: readonly (readonly [string, LatencySummary])[],
): readonly string[] {
  return table(columns, rows.map(cells)).map((line) => `  ${line}`);
}

function cells([name, latency]: readonly [string, LatencySummary]): readonly string[] {
  if (latency.count === 0) return [name, ...columns.slice(1).map(() => '-')];
  const { meanMs, p50Ms, p90Ms, p95Ms, p99Ms, p999Ms, maxMs } = latency;
  return [name, ...[meanMs, p50Ms, p90Ms, p95Ms, p99Ms, p999Ms, maxMs].map(span)];
}
