import { type Figure, type FigureUnit, figuresOf } from '../../metrics/figures.ts';
import type { ReportDocument } from '../document/report-document.ts';

/** Base units, as Prometheus names metrics. */
const units: Readonly<Record<FigureUnit, { readonly suffix: string; readonly factor: number }>> = {
  ms: { suffix: '_seconds', factor: 0.001 },
  bytes: { suffix: '_bytes', factor: 1 },
  share: { suffix: '_ratio', factor: 1 },
  'per-second': { suffix: '', factor: 1 },
  number: { suffix: '', factor: 1 },
};

/**
 * Renders every figure of a report in the Prometheus text format 0.0.4, a gauge each: for the textfile collector
 * or a push gateway. Figures that were not measured are left out.
 */
export function prometheus(document: ReportDocument): string {
  const metrics = new Map<string, Figure[]>();
  for (const figure of figuresOf(document).all.values()) {
    if (!Number.isFinite(figure.value)) continue;
    const name = `fraudstream_${figure.name.replace(/[^a-zA-Z0-9]+/g, '_')}`;
    const { suffix } = units[figure.unit];
    const metric = name.endsWith(suffix) ? name : name + suffix;
    metrics.set(metric, [...(metrics.get(metric) ?? []), figure]);
  }
  const by = document.generator?.limited_by;
  const lines = [...metrics].flatMap(([metric, figures]) => [
    `# HELP ${metric} ${figures[0]?.name ?? ''}`.replaceAll('\\', '\\\\').replaceAll('\n', '\\n'),
    `# TYPE ${metric} gauge`,
    ...figures.map(({ name, value, unit }) => {
      const labels = [`command="${label(document.command)}"`];
      // Different names may become the same metric.
      if (figures.length > 1) labels.push(`figure="${label(name)}"`);
      return `${metric}{${labels.join(',')}} ${value * units[unit].factor}`;
    }),
  ]);
  if (by !== undefined) lines.push(...limitedBy(document.command, by));
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** Renders how far a run has come, beside the figures of its report so far. */
export function progressMetrics(
  command: string,
  { elapsedMs, share }: { readonly elapsedMs: number; readonly share: number | undefined },
): string {
  const rows: readonly (readonly [string, string, number | undefined])[] = [
    ['fraudstream_elapsed_seconds', 'time since the start', elapsedMs / 1000],
    ['fraudstream_progress_ratio', 'what is done of all', share],
  ];
  const lines = rows.flatMap(([metric, help, value]) =>
    value === undefined
      ? []
      : [
          `# HELP ${metric} ${help}`,
          `# TYPE ${metric} gauge`,
          `${metric}{command="${label(command)}"} ${value}`,
        ],
  );
  return `${lines.join('\n')}\n`;
}

/** Whose figures these are, as a label: a dashboard leaves out what this machine limited. */
function limitedBy(command: string, by: string): readonly string[] {
  const metric = 'fraudstream_generator_limited_by';
  return [
    `# HELP ${metric} who kept the rate from being higher`,
    `# TYPE ${metric} gauge`,
    `${metric}{command="${label(command)}",by="${label(by)}"} 1`,
  ];
}

function label(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
