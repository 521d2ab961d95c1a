import type { ReportDocument } from '../document/report-document.ts';
import { type Metric, metricsOf } from './metrics.ts';

/**
 * Renders every figure of a report in the Prometheus text format 0.0.4, a gauge each: for the textfile collector
 * or a push gateway. Figures that were not measured are left out.
 */
export function prometheus(document: ReportDocument): string {
  return prometheusText(metricsOf(document));
}

/** Renders metrics in the Prometheus text format 0.0.4; the samples of one metric stand together. */
export function prometheusText(metrics: readonly Metric[]): string {
  const groups = new Map<string, Metric[]>();
  for (const metric of metrics) {
    const group = groups.get(metric.prometheusName);
    if (group) group.push(metric);
    else groups.set(metric.prometheusName, [metric]);
  }
  const lines = [...groups].flatMap(([name, group]) => [
    `# HELP ${name} ${group[0]?.help ?? ''}`.replaceAll('\\', '\\\\').replaceAll('\n', '\\n'),
    `# TYPE ${name} gauge`,
    ...group.map(({ attributes, value }) => `${name}{${labels(attributes)}} ${value}`),
  ]);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function labels(attributes: Metric['attributes']): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',');
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
