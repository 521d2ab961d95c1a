import { Chalk } from 'chalk';
import type { CodeCount } from '../../metrics/tally.ts';
import { count } from '../../text/format.ts';

/** How the few coloured words look. */
export interface Colours {
  error(text: string): string;
  heading(text: string): string;
}

/** Colours, or for whoever cannot show them the bare text: chalk is not asked to guess. */
export function colours(hasColours: boolean): Colours {
  const chalk = new Chalk({ level: hasColours ? 1 : 0 });
  return { error: chalk.red.bold, heading: chalk.bold };
}

/** Names and values in two columns. */
export function pairs(rows: readonly (readonly [string, string])[]): readonly string[] {
  return rows.map(([name, value]) => `  ${name.padEnd(16)} ${value}`);
}

/** How often each of several things happened, under one title. */
export function codeLines(
  title: string,
  what: string,
  counts: readonly CodeCount[],
): readonly string[] {
  return pairs(
    counts.map(({ code, count: times }, place) => [
      place === 0 ? title : '',
      `${count(times)} ${what} ${code}`,
    ]),
  );
}

/** One column: its heading, and whether its cells stand right, as numbers do. */
export interface Column {
  readonly heading: string;
  readonly isNumber?: boolean;
}

/** Rows of cells under headings, columns aligned, two spaces between; no line ends in blanks. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const all = [columns.map((column) => column.heading), ...rows];
  const widths = columns.map((_, place) => Math.max(...all.map((row) => row[place]?.length ?? 0)));
  return all.map((row) =>
    columns
      .map(({ isNumber }, place) => {
        const cell = row[place] ?? '';
        const width = widths[place] ?? 0;
        return isNumber ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
}
