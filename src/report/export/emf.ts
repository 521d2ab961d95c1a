import { type Figure, type FigureUnit, figuresOf } from '../../metrics/figures.ts';
import type { ReportDocument } from '../document/report-document.ts';

/** Metrics in one document. Source: CloudWatch embedded metric format specification. */
const METRICS_A_LINE = 100;

const units: Readonly<Record<FigureUnit, string>> = {
  ms: 'Milliseconds',
  bytes: 'Bytes',
  'per-second': 'Count/Second',
  share: 'None',
  number: 'None',
};

/**
 * Renders every figure of a report in CloudWatch's embedded metric format, up to 100 a line.
 *
 * Written to a log group they become metrics of the namespace `fraudstream` with the dimension
 * `command`. Figures that were not measured are left out.
 */
export function emf(document: ReportDocument): string {
  const figures = [...figuresOf(document).all.values()].filter(({ value }) =>
    Number.isFinite(value),
  );
  const lines: string[] = [];
  for (let from = 0; from < figures.length; from += METRICS_A_LINE) {
    const some = figures.slice(from, from + METRICS_A_LINE);
    const directive = {
      Namespace: 'fraudstream',
      Dimensions: [['command']],
      Metrics: some.map((figure) => ({ Name: figure.name, Unit: unitOf(figure) })),
    };
    const line = {
      _aws: {
        Timestamp: Date.parse(document.started_at ?? '') || 0,
        CloudWatchMetrics: [directive],
      },
      command: document.command,
      ...Object.fromEntries(some.map(({ name, value }) => [name, value])),
    };
    lines.push(`${JSON.stringify(line)}\n`);
  }
  return lines.join('');
}

/** CloudWatch has units of its own for what is counted in bytes. */
function unitOf({ name, unit }: Figure): string {
  if (/\bbytes_per_second$/.test(name)) return 'Bytes/Second';
  return /\bbytes$/.test(name) ? 'Bytes' : units[unit];
}
