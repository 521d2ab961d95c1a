import { pipeline, Readable } from 'node:stream';
import { type CsvError, type Info, type Parser, parse } from 'csv-parse';
import type { Row } from './row.ts';

/** What csv-parse says of a record when it is asked for all it knows. */
interface Told {
  readonly record: Readonly<Record<string, string>>;
  readonly info: Info;
  readonly raw: string;
}

const GROUP = 256;
/** A quote that is never closed must not swallow the rest of the file. */
const LONGEST_RECORD_BYTES = 1_048_576;

/**
 * The rows of CSV as RFC 4180 has it, the first line naming the columns; all values are texts.
 *
 * `judge` sees the names of the columns first, and may throw. An empty field is absent. A row that is none is told with its line, and the rest goes on.
 */
export async function* csvRows(
  chunks: AsyncIterable<Uint8Array>,
  judge: (columns: readonly string[]) => void = () => undefined,
): AsyncGenerator<readonly Row[], void, undefined> {
  let rows: Row[] = [];
  const parser = parserOf((row) => rows.push(row), judge);
  pipeline(Readable.from(chunks), parser, () => undefined);
  for await (const { record, info, raw } of parser as AsyncIterable<Told>) {
    rows.push({
      // `info.lines` is where the record ends.
      line: info.lines - breaksIn(raw.replace(/\r?\n$/, '')),
      bytes: Buffer.from(raw.replace(/\r?\n$/, '')),
      value: withoutEmpty(record),
      fault: undefined,
    });
    if (rows.length < GROUP) continue;
    yield rows;
    rows = [];
  }
  if (rows.length > 0) yield rows;
}

function parserOf(skip: (row: Row) => void, judge: (columns: readonly string[]) => void): Parser {
  return parse({
    columns: (names: string[]) => {
      judge(names);
      return names;
    },
    bom: true,
    info: true,
    raw: true,
    // A quote in the wrong place is part of the value, which is then judged as such.
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: LONGEST_RECORD_BYTES,
    on_skip: (error, raw) => {
      skip(skippedRow(error, raw));
      return undefined;
    },
  });
}

function skippedRow(error: CsvError | undefined, raw: string | undefined): Row {
  const reason = `is not CSV (${error?.message ?? 'unknown'})`;
  const line = Number(error?.lines ?? 0);
  const bytes = Buffer.from((raw ?? '').replace(/\r?\n$/, ''));
  return { line, bytes, value: undefined, fault: { field: '', value: undefined, reason } };
}

function breaksIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

function withoutEmpty(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== ''));
}
