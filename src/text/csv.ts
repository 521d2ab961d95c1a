/**
 * One record of CSV with quotes, fed line by line until it is whole. Source: RFC 4180.
 *
 * A quote that does not begin a field is part of the value, and so are quotes with text behind them.
 */
export class CsvRecord {
  readonly cells: string[] = [];
  /** Where each cell ends: the offset of the separator behind it in its line. */
  readonly ends: number[] = [];
  readonly #separator: string;
  #field = '';
  #isQuoted = false;

  constructor(separator: string) {
    this.#separator = separator;
  }

  /** Takes the next line with the end of the line before it; true when the record ends with it. */
  add(text: string): boolean {
    let at = 0;
    // A field that is continued has begun before this line.
    let isStart = !this.#isQuoted;
    for (;;) {
      at = this.#behindQuotes(text, at, isStart);
      if (at < 0) return false;
      const end = text.indexOf(this.#separator, at);
      const behind = end < 0 ? text.length : end;
      this.cells.push(this.#field + text.slice(at, behind));
      this.ends.push(behind);
      this.#field = '';
      if (end < 0) return true;
      at = end + this.#separator.length;
      isStart = true;
    }
  }

  /** The offset behind a quoted field, the same where there is none; -1 when it does not end here. */
  #behindQuotes(text: string, from: number, isStart: boolean): number {
    const isOpening = isStart && text[from] === '"';
    if (isOpening) this.#isQuoted = true;
    return this.#isQuoted ? this.#quoted(text, isOpening ? from + 1 : from) : from;
  }

  /** Reads on within quotes; gives the offset behind the closing quote, -1 when there is none. */
  #quoted(text: string, from: number): number {
    for (let at = from; ; ) {
      const quote = text.indexOf('"', at);
      if (quote < 0) {
        this.#field += text.slice(at);
        return -1;
      }
      this.#field += text.slice(at, quote);
      if (text[quote + 1] !== '"') return this.#closed(text, quote + 1);
      this.#field += '"';
      at = quote + 2;
    }
  }

  #closed(text: string, behind: number): number {
    this.#isQuoted = false;
    const isEnd = behind === text.length || text.startsWith(this.#separator, behind);
    if (!isEnd) this.#field = `"${this.#field}"`;
    return behind;
  }
}

/** The cells of a line that is a whole record; the rest of a quoted field that goes on is left out. */
export function cellsOf(text: string, separator: string): readonly string[] {
  if (!text.includes('"')) return text.split(separator);
  const record = new CsvRecord(separator);
  record.add(text);
  return record.cells;
}

/** The fields of one CSV record in its bytes, and where each stands there. */
export interface CsvFields {
  readonly values: readonly string[];
  readonly spans: readonly { readonly from: number; readonly end: number }[];
}

/** The fields of one whole record, ends of lines within quotes included; `undefined` for a quote that is not closed. */
export function csvFields(bytes: Uint8Array, separator: string): CsvFields | undefined {
  // Separators and quotes are ASCII: a character for each byte gives the offsets in the bytes.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const record = new CsvRecord(separator);
  if (!record.add(text)) return undefined;
  const spans = record.ends.map((end, index) => {
    const before = record.ends[index - 1];
    return { from: before === undefined ? 0 : before + separator.length, end };
  });
  return { values: record.cells.map(utf8Of), spans };
}

function utf8Of(latin1: string): string {
  return NOT_ASCII.test(latin1) ? Buffer.from(latin1, 'latin1').toString('utf8') : latin1;
}

/** The text as a CSV field: quoted where it has to be. */
export function csvField(text: string, separator: string): string {
  const isPlain = !/["\r\n]/.test(text) && !text.includes(separator);
  return isPlain ? text : `"${text.replaceAll('"', '""')}"`;
}

const NOT_ASCII = /[\x80-\xff]/;
const SEPARATORS = [',', '\t', ';', '|'] as const;

/** The separator of a header: the one that gives the most wanted columns, then the most columns. */
export function separatorOf(header: string, wanted: readonly string[]): string {
  let best = { separator: ',', hits: -1, columns: 0 };
  for (const separator of SEPARATORS) {
    const cells = new Set(cellsOf(header, separator));
    const hits = wanted.filter((name) => cells.has(name)).length;
    const isBetter = hits === best.hits ? cells.size > best.columns : hits > best.hits;
    if (isBetter) best = { separator, hits, columns: cells.size };
  }
  return best.separator;
}
