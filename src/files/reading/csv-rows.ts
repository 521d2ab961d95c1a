import { pipeline, Readable } from 'node:stream';
import { type CsvError, type Info, type Parser, parse } from 'csv-parse';
import { FraudstreamError } from '../../errors.ts';
import { withoutLongRecords } from './csv-records.ts';
import type { InputRow } from './row.ts';

/** What csv-parse says of a record when it is asked for all it knows. */
interface ParsedRecord {
  readonly record: Readonly<Record<string, string>>;
  readonly info: Info;
  readonly raw: string;
}

const GROUP = 256;
/** Of a record: a quote that is never closed must not swallow the rest of the file. */
const LONGEST_RECORD_BYTES = 1_048_576;
const NO_HEADER = `The first line of a CSV file names its columns, and this one has more than ${LONGEST_RECORD_BYTES} bytes.`;

/**
 * The rows of CSV as RFC 4180 has it, the first line naming the columns; all values are texts.
 *
 * `judge` sees the names of the columns first, and may throw. An empty field is absent. A row that is none is told with its line, and the rest goes on.
 */
export async function* csvRows(
  chunks: AsyncIterable<Uint8Array>,
  judge: (columns: readonly string[]) => void = () => undefined,
): AsyncGenerator<readonly InputRow[], void, undefined> {
  let rows: InputRow[] = [];
  const parser = parserOf((row) => rows.push(row), judge);
  const bounded = withoutLongRecords(chunks, LONGEST_RECORD_BYTES, ({ line, bytes }) => {
    if (line === 1) throw new FraudstreamError('bad-data', NO_HEADER);
    rows.push(longRow(line, bytes));
  });
  pipeline(Readable.from(bounded), parser, () => undefined);
  for await (const { record, info, raw } of parser as AsyncIterable<ParsedRecord>) {
    // Empty lines before the record are part of what the parser calls raw.
    const text = raw.replace(/^[\r\n]+/, '').replace(/\r?\n$/, '');
    rows.push({
      // `info.lines` is where the record ends.
      line: info.lines - breaksIn(text),
      bytes: Buffer.from(text),
      value: withoutEmpty(record),
      fault: undefined,
    });
    if (rows.length < GROUP) continue;
    yield rows;
    rows = [];
  }
  if (rows.length > 0) yield rows;
}

function parserOf(
  skip: (row: InputRow) => void,
  judge: (columns: readonly string[]) => void,
): Parser {
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
    on_skip: (error, raw) => {
      skip(skippedRow(error, raw));
      return undefined;
    },
  });
}

function skippedRow(error: CsvError | undefined, raw: string | undefined): InputRow {
  const reason = `is not CSV (${error?.message ?? 'unknown'})`;
  const line = Number(error?.lines ?? 0);
  const bytes = Buffer.from((raw ?? '').replace(/\r?\n$/, ''));
  return { line, bytes, value: undefined, fault: { field: '', value: undefined, reason } };
}

function longRow(line: number, bytes: Uint8Array): InputRow {
  const reason = `is not CSV (a record of more than ${LONGEST_RECORD_BYTES} bytes: is a quote not closed?)`;
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
