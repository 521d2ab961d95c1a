import { Chalk } from 'chalk';
import type { CodeCount } from '../../metrics/tally.ts';
import { count } from '../../text/format.ts';

/** Colours of errors and headings. */
export interface Colours {
  error(text: string): string;
  heading(text: string): string;
}

/** Returns colours, or plain text without them; chalk's own detection is not used. */
export function colours(hasColours: boolean): Colours {
  const chalk = new Chalk({ level: hasColours ? 1 : 0 });
  return { error: chalk.red.bold, heading: chalk.bold };
}

/** Returns names and values as lines of two columns. */
export function pairs(rows: readonly (readonly [string, string])[]): readonly string[] {
  return rows.map(([name, value]) => `  ${name.padEnd(16)} ${value}`);
}

/** Indents lines as the body of a report. */
export function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

/** Returns a line for each code and its count; the first has the title. */
export function codeLines(
  title: string,
  what: string,
  counts: readonly CodeCount[],
): readonly string[] {
  return pairs(
    counts.map(({ code, count: times }, index) => [
      index === 0 ? title : '',
      `${count(times)} ${what} ${code}`,
    ]),
  );
}

/** A column of a table; numbers are aligned to the right. */
export interface Column {
  readonly heading: string;
  readonly isNumber?: boolean;
}

/** Returns a table as lines: columns aligned, two spaces apart, no trailing blanks. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const all = [columns.map((column) => column.heading), ...rows];
  const widths = columns.map((_, index) => Math.max(...all.map((row) => row[index]?.length ?? 0)));
  return all.map((row) =>
    columns
      .map(({ isNumber }, index) => {
        const cell = row[index] ?? '';
        const width = widths[index] ?? 0;
        return isNumber ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
}
