/**
 * One record of CSV with quotes, fed line by line until it is whole. Source: RFC 4180.
 *
 * A quote that does not begin a field is part of the value, and so are quotes with text behind them.
 */
export class CsvRecord {
  readonly cells: string[] = [];
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
      this.cells.push(this.#field + text.slice(at, end < 0 ? text.length : end));
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
