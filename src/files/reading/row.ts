/** A line or record that is no transaction: where it stands and why. */
export interface BadLine {
  readonly file: string;
  /** Counted from 1; in a Parquet file the row. */
  readonly line: number;
  /** Empty where it is about the whole line. */
  readonly field: string;
  /** What stood there, cut to size; `undefined` where nothing did. */
  readonly value: string | undefined;
  readonly reason: string;
  readonly bytes: Uint8Array;
}

/** What is wrong with a row, wherever it stands. */
export type RowFault = Pick<BadLine, 'field' | 'value' | 'reason'>;

/** The fields of a row of a table, in the order of its columns. */
export interface Cells {
  /** The same object for all rows of a file. */
  readonly header: readonly string[];
  /** `undefined` for an absent or empty one. */
  cell(index: number): unknown;
}

/** One row of a file: a value, or why there is none. `bytes` are the row as it was written. */
export interface InputRow {
  /** Of a sound row of CSV or Parquet: its fields, which need not be put into an object. */
  readonly cells?: Cells;
  readonly line: number;
  /** Which of several on one line, from 1 on; the first has none. */
  readonly part?: number;
  readonly bytes: Uint8Array;
  readonly value: unknown;
  readonly fault: RowFault | undefined;
  /** The values of a line on which several stand, which is faulty as one row. */
  readonly parts?: readonly InputRow[] | undefined;
}

/** The same rows, those with parts as their parts. */
export function withParts(rows: readonly InputRow[]): readonly InputRow[] {
  return rows.flatMap((row) => row.parts ?? [row]);
}

const LONGEST_SHOWN = 60;

/** A value as a message shows it, cut to size. */
export function shown(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const text = textOf(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN - 3)}...` : text;
}

/** `transactions.ndjson:17: amount_minor must be a whole number, not "12.50"` */
export function badLineText({ file, line, field, value, reason }: BadLine): string {
  const seen = value === undefined ? '' : `, not ${value}`;
  return `${file}:${line}: ${field === '' ? 'the line' : field} ${reason}${seen}`;
}

function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // A long integer, or something with one in it.
    return typeof value === 'bigint' ? String(value) : 'an object';
  }
}
