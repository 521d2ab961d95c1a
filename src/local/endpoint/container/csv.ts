import { unparsable } from './container-fault.ts';
import { NumberReader } from './number-reader.ts';
import type { Table, TableRoom } from './table.ts';

const NEWLINE = 0x0a;
const COMMA = 0x2c;
/** In the order in which Python's csv.Sniffer prefers them; the container asks it. */
const delimiters: readonly number[] = [...',\t;: |'].map((one) => one.charCodeAt(0));
/** Of the first line the container looks at so many characters. */
const SNIFFED = 512;

/**
 * Rows of comma-separated numbers, without a header and without a label; an empty cell is NaN.
 *
 * Errors: `ContainerFault` 415 for what is no number, and for rows of different lengths.
 * Source: csv_to_dmatrix in aws/sagemaker-xgboost-container, encoder.py.
 */
export function readCsv(body: Uint8Array, room: TableRoom): Table {
  const bytes = stripped(body);
  const reader = new NumberReader(bytes, delimiterOf(bytes));
  // A cell takes at least its delimiter.
  const values = room.ofAtLeast(bytes.length + 1);
  let rows = 0;
  try {
    const width = readRow(bytes, reader, values, 0);
    rows = 1;
    while (reader.at <= bytes.length) {
      const count = readRow(bytes, reader, values, rows * width);
      if (count !== width) throw new RangeError(`${count} values after rows of ${width}`);
      rows += 1;
    }
    return { values, rows, width };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw unparsable(`Loading csv data failed in row ${rows}: ${error.message}`);
  }
}

/** Reads the values of one row to `at` and on, and goes behind its newline; how many there were. */
function readRow(
  bytes: Uint8Array,
  reader: NumberReader,
  values: Float32Array,
  at: number,
): number {
  let count = 0;
  for (;;) {
    values[at + count] = reader.next();
    count += 1;
    const isLast = reader.at >= bytes.length || bytes[reader.at] === NEWLINE;
    reader.at += 1;
    if (isLast) return count;
  }
}

function delimiterOf(bytes: Uint8Array): number {
  const end = Math.min(bytes.length, SNIFFED);
  let found = delimiters.length;
  for (let at = 0; at < end && bytes[at] !== NEWLINE; at += 1) {
    // What is preferred to all others is found at once.
    if (bytes[at] === COMMA) return COMMA;
    const place = delimiters.indexOf(bytes[at] as number);
    if (place >= 0 && place < found) found = place;
  }
  return delimiters[found] ?? COMMA;
}

/** Without white space at both ends. */
export function stripped(bytes: Uint8Array): Uint8Array {
  let from = 0;
  let to = bytes.length;
  while (from < to && isSpace(bytes[from])) from += 1;
  while (from < to && isSpace(bytes[to - 1])) to -= 1;
  return to - from === bytes.length ? bytes : bytes.subarray(from, to);
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}
