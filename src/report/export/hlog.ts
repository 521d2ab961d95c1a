import { HistogramLogWriter } from 'hdr-histogram-js';
import { histogramOf } from '../../metrics/latency.ts';
import { latencyViews } from '../document/latency-table.ts';
import type { ReportDocument } from '../document/report-document.ts';
import { secondsOf } from '../document/views.ts';

/** Values are microseconds; the column of maxima shows milliseconds. */
const US_PER_MS = 1000;

/** Renders the latencies of a report as an HdrHistogram log, a line each, tagged with its name in the report. */
export function hlog(document: ReportDocument): string {
  const lines: string[] = [];
  const writer = new HistogramLogWriter((text) => lines.push(text));
  const seconds = secondsOf(document);
  writer.outputComment(`[fraudstream ${document.command}, values in microseconds]`);
  writer.outputLogFormatVersion();
  writer.outputStartTime(Date.parse(document.started_at ?? '') || 0);
  writer.outputLegend();
  for (const { path, latency } of latencyViews(document)) {
    const histogram = histogramOf(latency.histogram);
    // A comma or a blank would end the tag.
    histogram.tag = path.replace(/[,\s]/g, '_');
    writer.outputIntervalHistogram(histogram, 0, seconds, US_PER_MS);
  }
  return lines.join('');
}
