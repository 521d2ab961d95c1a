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
