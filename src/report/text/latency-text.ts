import type { LatencySummary } from '../../metrics/latency.ts';
import { snaked } from '../../metrics/snake-case.ts';
import { latencyCells, latencyHeadings } from '../document/latency-table.ts';
import { indented, table } from './layout.ts';

/** Returns a table of latencies by name for the terminal, without the number of samples. */
export function latencyText(
  latencies: readonly (readonly [name: string, latency: LatencySummary])[],
): readonly string[] {
  const [heading = '', , ...times] = latencyHeadings;
  const columns = [heading, ...times].map((text, column) => ({
    heading: text,
    isNumber: column > 0,
  }));
  const rows = latencies.map(([name, latency]) => [
    name,
    ...latencyCells(snaked(latency)).slice(1),
  ]);
  return indented(table(columns, rows));
}
