import type { LatencySummary } from '../../metrics/latency.ts';
import type { ArrivalTime } from '../../metrics/session-summary.ts';
import type { Snaked } from '../../metrics/snake-case.ts';
import { count, span } from '../../text/format.ts';
import { arrivalText } from '../text/arrival-text.ts';
import type { ReportDocument } from './report-document.ts';

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

/** A latency of a report: its path in the figures, and its name for people. */
export interface LatencyView {
  readonly path: string;
  readonly name: string;
  readonly latency: Snaked<LatencySummary>;
}

/** Returns the latencies that were measured. */
export function latencyViews({
  latency,
  scoring,
  delivery,
  generator,
}: ReportDocument): readonly LatencyView[] {
  const all: readonly (readonly [string, string, Snaked<LatencySummary> | undefined])[] = [
    ['latency.end_to_end', 'put to verdict', latency?.end_to_end],
    ['latency.from_due', 'due to verdict', latency?.from_due],
    [
      'latency.reading',
      latency?.end_to_end ? 'verdict to us' : 'arrival to reading',
      latency?.reading,
    ],
    ['scoring.service', 'request', scoring?.service],
    ['scoring.response', 'due to score', scoring?.response],
    ['scoring.slip', 'due to sent', scoring?.slip],
    ['delivery.request', 'PutRecords call', delivery?.request],
    ['delivery.response', 'due to receipt', delivery?.response],
    ['generator.slip', 'schedule slip', generator?.slip],
  ];
  return all.flatMap(([path, name, one]) =>
    one && one.count > 0 && one.histogram ? [{ path, name, latency: one }] : [],
  );
}

/** Returns where the arrival of verdicts is taken from, as a sentence. */
export function arrivalOf({ of, resolution_ms }: Snaked<ArrivalTime>): string {
  return arrivalText({ of, resolutionMs: resolution_ms });
}
