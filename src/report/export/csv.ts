import { figuresOf } from '../../metrics/figures.ts';
import type { ReportDocument } from '../document/report-document.ts';

const columns = [
  'due',
  'achieved',
  'matched',
  'errors',
  'dropped',
  'p50_ms',
  'p95_ms',
  'p99_ms',
] as const;

/** Renders a report as CSV (RFC 4180): second by second, or every figure where there is no series. */
export function csv(document: ReportDocument): string {
  const { series } = document;
  const rows =
    series && series.at.length > 0
      ? [
          ['time', ...columns],
          ...series.at.map((at, index) => [
            new Date(at * 1000).toISOString().replace('.000', ''),
            ...columns.map((column) => String(series[column][index] ?? '')),
          ]),
        ]
      : [['figure', 'value', 'unit'], ...figureRows(document)];
  return rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function figureRows(document: ReportDocument): readonly (readonly string[])[] {
  return [...figuresOf(document).all.values()].map(({ name, value, unit }) => [
    name,
    Number.isNaN(value) ? '' : String(value),
    unit,
  ]);
}

/** A text that a spreadsheet would compute gets an apostrophe before it; numbers stay. */
function field(text: string): string {
  if (/^[=+@-]/.test(text) && Number.isNaN(Number(text))) return field(`'${text}`);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
