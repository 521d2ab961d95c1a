import { type Figure, type FigureUnit, figuresOf } from '../../metrics/figures.ts';
import type { ReportDocument } from '../document/report-document.ts';

/**
 * One figure of a report as a gauge: the one statement of metrics, which Prometheus and OTLP render.
 *
 * `name` is that of OpenTelemetry, `fraudstream.latency.end_to_end.p99`, with its unit as UCUM writes it (`s`, `By`,
 * `1` for a share, none for a number). `prometheusName` is what a Prometheus server makes of the two.
 */
export interface Metric {
  readonly name: string;
  readonly unit: MetricUnit;
  readonly prometheusName: string;
  readonly help: string;
  readonly value: number;
  readonly attributes: Readonly<Record<string, string>>;
}

export type MetricUnit = 's' | 'By' | '1' | '';

/** How far a run has come; `share` is absent where the end is not known. */
export interface RunProgress {
  readonly elapsedMs: number;
  readonly share: number | undefined;
}

/** Base units, as both name them. */
const units: Readonly<Record<FigureUnit, { readonly unit: MetricUnit; readonly factor: number }>> =
  {
    ms: { unit: 's', factor: 0.001 },
    bytes: { unit: 'By', factor: 1 },
    share: { unit: '1', factor: 1 },
    'per-second': { unit: '', factor: 1 },
    number: { unit: '', factor: 1 },
  };

const suffixes: Readonly<Record<MetricUnit, string>> = {
  s: '_seconds',
  By: '_bytes',
  1: '_ratio',
  '': '',
};

/** Returns every figure of a report that was measured, and who limited the rate. */
export function metricsOf(document: ReportDocument): readonly Metric[] {
  const { command, generator } = document;
  const figures = [...figuresOf(document).all.values()].filter(({ value }) =>
    Number.isFinite(value),
  );
  const metrics = distinct(figures.map((figure) => metricOf(figure, command)));
  const by = generator?.limited_by;
  if (by === undefined) return metrics;
  // Whose figures these are: a dashboard leaves out what this machine limited.
  const help = 'what limited the rate';
  const limitedBy = gauge('generator.limited_by', '', help, 1, { command, by });
  return [...metrics, limitedBy];
}

/** Returns how far a run has come, beside the figures of its report so far. */
export function progressMetricsOf(
  command: string,
  { elapsedMs, share }: RunProgress,
): readonly Metric[] {
  const elapsed = gauge('elapsed', 's', 'time since the start', elapsedMs / 1000, { command });
  if (share === undefined) return [elapsed];
  return [elapsed, gauge('progress', '1', 'what is done of all', share, { command })];
}

function metricOf({ name, value, unit: figureUnit }: Figure, command: string): Metric {
  const { unit, factor } = units[figureUnit];
  return gauge(name, unit, name, value * factor, { command });
}

function gauge(
  figure: string,
  unit: MetricUnit,
  help: string,
  value: number,
  attributes: Metric['attributes'],
): Metric {
  const path = figure.split('.').map((part) => part.replace(/[^a-zA-Z0-9_]+/g, '_'));
  const base = `fraudstream_${figure.replace(/[^a-zA-Z0-9]+/g, '_')}`;
  const suffix = suffixes[unit];
  const prometheusName = base.endsWith(suffix) ? base : base + suffix;
  const name = ['fraudstream', ...path].filter((part) => part !== '').join('.');
  return { name, unit, prometheusName, help, value, attributes };
}

/** Different figures may become the same metric: then a label says which is which. */
function distinct(metrics: readonly Metric[]): readonly Metric[] {
  const times = new Map<string, number>();
  for (const { prometheusName: name } of metrics) times.set(name, (times.get(name) ?? 0) + 1);
  return metrics.map((metric) =>
    (times.get(metric.prometheusName) ?? 0) > 1
      ? { ...metric, attributes: { ...metric.attributes, figure: metric.help } }
      : metric,
  );
}
