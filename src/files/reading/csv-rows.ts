import { FraudstreamError } from '../../errors.ts';
import { CsvRecord, separatorOf } from '../../text/csv.ts';
import { type InputLine, lines } from '../lines.ts';
import { LineTexts } from './line-texts.ts';
import type { Cells, InputRow, RowFault } from './row.ts';

/** How a table is read. */
export interface CsvSettings {
  /** What it is called in errors. */
  readonly file: string;
  /** Found from the header unless given. */
  readonly separator?: string | undefined;
  /** Columns that somebody wants, by which the separator is found. */
  readonly wanted?: readonly string[];
  /** Sees the names of the columns before any row, and may throw. */
  readonly judge?: (columns: readonly string[], separator: string) => void;
}

/** Of a record: a quote that is never closed must not swallow the rest of the file. */
const LONGEST_RECORD_BYTES = 1_048_576;
const RETURN = 0x0d;
const LINE_FEED = 0x0a;
const ENDS = { true: Buffer.from('\r\n'), false: Buffer.from('\n') };

/**
 * The rows of CSV as RFC 4180 has it, the first line naming the columns; all values are texts.
 *
 * An empty field is absent. A row that is none is refused with its line, and the rest goes on.
 * Errors: `bad-data` for a header that is too long, names a column twice, or is not UTF-8.
 */
export async function* csvRows(
  chunks: AsyncIterable<Uint8Array>,
  settings: CsvSettings,
): AsyncGenerator<readonly InputRow[], void, undefined> {
  const table = new CsvTable(settings);
  for await (const group of lines(withLineFeeds(chunks), LONGEST_RECORD_BYTES)) {
    const rows = table.rows(group);
    if (rows.length > 0) yield rows;
  }
  const last = table.rest();
  if (last) yield [last];
}

/** Lines that end in CR alone end in LF behind this; which they do, the first piece with an end of line says. */
async function* withLineFeeds(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let isReturnOnly: boolean | undefined;
  for await (const chunk of chunks) {
    if (isReturnOnly === undefined && (chunk.includes(LINE_FEED) || chunk.includes(RETURN))) {
      isReturnOnly = !chunk.includes(LINE_FEED) && chunk.indexOf(RETURN) < chunk.length - 1;
    }
    yield isReturnOnly ? chunk.map((byte) => (byte === RETURN ? LINE_FEED : byte)) : chunk;
  }
}

/** A record that has begun with a quote that is still open. */
interface OpenRecord {
  readonly line: number;
  readonly record: CsvRecord;
  readonly parts: Uint8Array[];
  bytes: number;
}

class CsvTable {
  readonly #settings: CsvSettings;
  #separator = ',';
  #header: readonly string[] | undefined;
  #open: OpenRecord | undefined;
  #endBefore: Buffer = ENDS.false;

  constructor(settings: CsvSettings) {
    this.#settings = settings;
  }

  rows(group: readonly InputLine[]): readonly InputRow[] {
    const texts = new LineTexts(group);
    const rows: InputRow[] = [];
    for (const line of group) {
      const row = this.#row(line, texts);
      if (row) rows.push(row);
    }
    return rows;
  }

  /** The record that is not closed at the end of the file. */
  rest(): InputRow | undefined {
    if (!this.#open) return undefined;
    const { line, parts } = this.#open;
    if (!this.#header) throw this.#badHeader('has a quote that is not closed');
    return new BadRow(line, Buffer.concat(parts), 'is not CSV (a quote is not closed)');
  }

  #row(line: InputLine, texts: LineTexts): InputRow | undefined {
    const end = this.#endBefore;
    this.#endBefore = ENDS[line.hasReturn ? 'true' : 'false'];
    if (line.bytes.length === 0 && !this.#open) return undefined;
    if (line.isCut) return this.#tooLong(line, line.bytes);
    let text: string;
    try {
      text = texts.of(line);
    } catch {
      return this.#notUtf8(line);
    }
    if (this.#open) return this.#continued(this.#open, line, text, end);
    if (!this.#header) this.#separator = this.#found(text);
    if (!text.includes('"'))
      return this.#whole(text.split(this.#separator), line.number, line.bytes);
    const record = new CsvRecord(this.#separator);
    if (record.add(text)) return this.#whole(record.cells, line.number, line.bytes);
    const { number, bytes } = line;
    this.#open = { line: number, record, parts: [bytes], bytes: bytes.length };
    return undefined;
  }

  #continued(open: OpenRecord, line: InputLine, text: string, end: Buffer): InputRow | undefined {
    open.parts.push(end, line.bytes);
    open.bytes += end.length + line.bytes.length;
    const isWhole = open.record.add(end.toString('latin1') + text);
    if (open.bytes > LONGEST_RECORD_BYTES) return this.#tooLong(line, Buffer.concat(open.parts));
    if (!isWhole) return undefined;
    this.#open = undefined;
    return this.#whole(open.record.cells, open.line, Buffer.concat(open.parts));
  }

  #tooLong(line: InputLine, bytes: Uint8Array): InputRow {
    const number = this.#open?.line ?? line.number;
    this.#open = undefined;
    const size = `more than ${LONGEST_RECORD_BYTES} bytes`;
    if (!this.#header) {
      throw this.#badHeader(`has ${size}. The first line of a CSV file names its columns`);
    }
    return new BadRow(number, bytes, `is not CSV (a record of ${size}: is a quote not closed?)`);
  }

  #notUtf8({ number, bytes }: InputLine): InputRow {
    const reason = 'is not UTF-8: for Latin-1 set "encoding: latin1" in the mapping';
    if (!this.#header) throw this.#badHeader(reason);
    const open = this.#open;
    this.#open = undefined;
    if (!open) return new BadRow(number, bytes, reason);
    return new BadRow(open.line, Buffer.concat([...open.parts, this.#endBefore, bytes]), reason);
  }

  #whole(cells: readonly string[], line: number, bytes: Uint8Array): InputRow | undefined {
    const header = this.#header;
    if (!header) {
      this.#header = this.#judged(cells);
      return undefined;
    }
    if (cells.length === header.length) return new TableRow(line, bytes, header, cells);
    const reason = `is not CSV (it has ${cells.length} fields, and the header ${header.length})`;
    return new BadRow(line, bytes, reason);
  }

  #found(header: string): string {
    const { separator, wanted = [] } = this.#settings;
    return separator ?? separatorOf(header, wanted);
  }

  #judged(header: readonly string[]): readonly string[] {
    const twice = header.find((name, at) => name !== '' && header.indexOf(name) !== at);
    if (twice !== undefined) throw this.#badHeader(`names the column "${twice}" twice: rename one`);
    this.#settings.judge?.(header, this.#separator);
    return header;
  }

  #badHeader(what: string): FraudstreamError {
    return new FraudstreamError('bad-data', `The header of ${this.#settings.file} ${what}.`);
  }
}

/** A row of as many cells as the header names. */
class TableRow implements InputRow, Cells {
  readonly line: number;
  readonly bytes: Uint8Array;
  readonly header: readonly string[];
  readonly fault: undefined = undefined;
  readonly #texts: readonly string[];

  constructor(
    line: number,
    bytes: Uint8Array,
    header: readonly string[],
    texts: readonly string[],
  ) {
    this.line = line;
    this.bytes = bytes;
    this.header = header;
    this.#texts = texts;
  }

  get cells(): Cells {
    return this;
  }

  cell(index: number): unknown {
    const text = this.#texts[index];
    return text === '' ? undefined : text;
  }

  /** The fields that are not empty, by column. */
  get value(): unknown {
    return Object.fromEntries(
      this.header.flatMap((name, at) => (this.#texts[at] === '' ? [] : [[name, this.#texts[at]]])),
    );
  }
}

class BadRow implements InputRow {
  readonly line: number;
  readonly bytes: Uint8Array;
  readonly value: undefined = undefined;
  readonly fault: RowFault;

  constructor(line: number, bytes: Uint8Array, reason: string) {
    this.line = line;
    this.bytes = bytes;
    this.fault = { field: '', value: undefined, reason };
  }
}
