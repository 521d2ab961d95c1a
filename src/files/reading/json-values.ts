/** One JSON value of a file, or what stands where one should be: its bytes, and the line it begins in, counted from 1. */
export interface JsonSpan {
  readonly line: number;
  /** Which of several on that line, from 1 on; the first has none. */
  readonly part?: number;
  readonly bytes: Uint8Array;
  /** Set where it is certain that this is no value. */
  readonly reason?: string;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;
/** Stands before each value in a JSON text sequence. Source: RFC 7464. */
const RECORD_SEPARATOR = 0x1e;

const isSpace = (byte: number): boolean =>
  byte === SPACE ||
  byte === LINE_FEED ||
  byte === RETURN ||
  byte === 0x09 ||
  byte === RECORD_SEPARATOR;

/** How the values of a file lie: one a line, one after the other in any way, or as the items of one array. */
export type JsonLayout = 'lines' | 'values' | 'array';

/** The layout of a file by its first bytes, which hold its first line, or much of it. */
export function layoutOf(first: Uint8Array): JsonLayout {
  const at = behindSpace(first, 0);
  if (first[at] === OPEN_ARRAY) return 'array';
  if (first[at] !== OPEN) return 'lines';
  const lineEnd = first.indexOf(LINE_FEED, at);
  const line = first.subarray(at, lineEnd < 0 ? first.length : lineEnd);
  const end = endOfValue(line, 0);
  if (end < 0) return lineEnd >= 0 && breaksBetweenTokens(line) ? 'values' : 'lines';
  return line[behindSpace(line, end)] === OPEN ? 'values' : 'lines';
}

function behindSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && isSpace(bytes[at] as number)) at += 1;
  return at;
}

/** True when a line ends where JSON can be broken: behind `{`, `[`, `,` or `:`. */
function breaksBetweenTokens(line: Uint8Array): boolean {
  let end = line.length;
  while (end > 0 && isSpace(line[end - 1] as number)) end -= 1;
  return [OPEN, OPEN_ARRAY, COMMA, 0x3a].includes(line[end - 1] as number);
}

const isOpening = (byte: number | undefined): boolean => byte === OPEN || byte === OPEN_ARRAY;
const isClosing = (byte: number | undefined): boolean => byte === CLOSE || byte === CLOSE_ARRAY;

/** The offset behind the object that begins at an offset; -1 when it does not end. */
function endOfValue(bytes: Uint8Array, from: number): number {
  let depth = 0;
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfString(bytes, at);
    if (at < 0) return -1;
    depth += Number(isOpening(byte)) - Number(isClosing(byte));
    if (depth === 0 && isClosing(byte)) return at + 1;
  }
  return -1;
}

/** The offset of the closing quote; -1 without. */
function endOfString(bytes: Uint8Array, from: number): number {
  for (let at = from + 1; ; at += 1) {
    at = bytes.indexOf(QUOTE, at);
    if (at < 0) return -1;
    let backslashes = 0;
    while (bytes[at - 1 - backslashes] === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return at;
  }
}

/** Objects that follow one another on a line; `undefined` for a line that is one value, or none. */
export function valuesOnLine(line: Uint8Array): readonly Uint8Array[] | undefined {
  if (line[0] !== OPEN) return undefined;
  // Most objects have no other in them: the first brace that closes is the last byte.
  const first = line.indexOf(CLOSE);
  if (first < 0 || first === line.length - 1) return undefined;
  const values: Uint8Array[] = [];
  for (let at = 0; at < line.length; ) {
    const end = line[at] === OPEN ? endOfValue(line, at) : -1;
    if (end < 0) return undefined;
    values.push(line.subarray(at, end));
    at = behindSpace(line, end);
  }
  return values.length > 1 ? values : undefined;
}

/**
 * The values of a file, however they are laid out: without separators, in an array, over several lines.
 *
 * A value that does not end ends where the next one begins: at the end of a line within a text, and before a line that
 * begins with `{`. It becomes a span of its own, so that one bad value costs no other.
 */
export async function* jsonValues(
  chunks: AsyncIterable<Uint8Array>,
  longestBytes: number,
): AsyncGenerator<readonly JsonSpan[], void, undefined> {
  const scanner = new ValueScanner(longestBytes);
  for await (const chunk of chunks) {
    const spans = scanner.scan(chunk);
    if (spans.length > 0) yield spans;
  }
  const rest = scanner.rest();
  if (rest.length > 0) yield rest;
}

class ValueScanner {
  readonly #longestBytes: number;
  #line = 1;
  #isArray: boolean | undefined;
  #isClosed = false;
  /** Of the value that has begun: what came in chunks before, its length, and its line. */
  #parts: Uint8Array[] = [];
  #bytes = 0;
  #beganAt = 1;
  #depth = 0;
  #isText = false;
  #isEscaped = false;
  #isBegun = false;
  #isScalar = false;
  #isLineStart = true;
  #spans: JsonSpan[] = [];
  /** The line in which the last value began, and which on it that was. */
  #lastLine = 0;
  #part = 0;

  constructor(longestBytes: number) {
    this.#longestBytes = longestBytes;
  }

  scan(chunk: Uint8Array): readonly JsonSpan[] {
    this.#spans = [];
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] as number;
      if (this.#isBegun && this.#breaksOff(byte)) {
        this.#end(chunk.subarray(from, at));
        from = at;
      }
      if (this.#isBegun) {
        const isEnd = this.#goesOn(byte);
        if (isEnd) this.#end(chunk.subarray(from, at + 1));
      } else {
        from = at;
        this.#begin(byte);
      }
      if (byte === LINE_FEED) this.#line += 1;
      this.#isLineStart = byte === LINE_FEED;
    }
    if (this.#isBegun) this.#keep(chunk.subarray(from));
    return this.#spans;
  }

  /** What is left at the end of the file. */
  rest(): readonly JsonSpan[] {
    this.#spans = [];
    if (this.#isBegun) this.#end(new Uint8Array());
    else if (this.#isArray && !this.#isClosed) {
      const reason = 'is missing: the array is not closed, so the file may have been cut off';
      this.#spans.push({ line: this.#line, bytes: new Uint8Array(), reason });
    }
    return this.#spans;
  }

  /** True for a byte that belongs to no value that has begun. */
  #breaksOff(byte: number): boolean {
    if (this.#isScalar && !this.#isText) {
      const isEnd = isSpace(byte) || byte === OPEN || byte === OPEN_ARRAY;
      return isEnd || (this.#isArray === true && (byte === COMMA || byte === CLOSE_ARRAY));
    }
    if (this.#isText && byte === LINE_FEED) return true;
    return byte === OPEN && this.#isLineStart;
  }

  /** Goes on by a byte of the value; true when the value ends with it. */
  #goesOn(byte: number): boolean {
    if (this.#isText) return this.#goesOnInText(byte);
    if (byte === QUOTE) this.#isText = true;
    if (isOpening(byte)) this.#depth += 1;
    if (!isClosing(byte)) return false;
    this.#depth -= 1;
    return this.#depth <= 0 && !this.#isScalar;
  }

  #goesOnInText(byte: number): boolean {
    const wasEscaped = this.#isEscaped;
    this.#isEscaped = byte === BACKSLASH && !wasEscaped;
    if (byte !== QUOTE || wasEscaped) return false;
    this.#isText = false;
    return this.#depth === 0 && !this.#isScalar;
  }

  /** Looks at a byte between values. */
  #begin(byte: number): void {
    if (isSpace(byte)) return;
    if (byte === OPEN_ARRAY && this.#isArray === undefined) {
      this.#isArray = true;
      return;
    }
    this.#isArray ??= false;
    if (this.#isArray && !this.#isClosed && (byte === COMMA || byte === CLOSE_ARRAY)) {
      this.#isClosed = byte === CLOSE_ARRAY;
      return;
    }
    // A second array goes on where the first one ended.
    if (this.#isClosed && byte === OPEN_ARRAY) {
      this.#isClosed = false;
      return;
    }
    this.#isBegun = true;
    this.#beganAt = this.#line;
    this.#depth = byte === OPEN || byte === OPEN_ARRAY ? 1 : 0;
    this.#isText = byte === QUOTE;
    this.#isScalar = this.#depth === 0 && !this.#isText;
    this.#isEscaped = false;
  }

  #keep(part: Uint8Array): void {
    const bytesLeft = this.#longestBytes + 1 - this.#bytes;
    this.#bytes += part.length;
    if (bytesLeft > 0) this.#parts.push(part.subarray(0, bytesLeft));
  }

  #end(last: Uint8Array): void {
    this.#keep(last);
    const [only] = this.#parts;
    const bytes = only && this.#parts.length === 1 ? only : Buffer.concat(this.#parts);
    const isLong = this.#bytes > this.#longestBytes;
    const reason = `is longer than ${this.#longestBytes} bytes`;
    this.#part = this.#beganAt === this.#lastLine ? this.#part + 1 : 0;
    this.#lastLine = this.#beganAt;
    const part = this.#part > 0 ? { part: this.#part } : {};
    this.#spans.push({ line: this.#beganAt, ...part, bytes, ...(isLong && { reason }) });
    this.#parts = [];
    this.#bytes = 0;
    this.#isBegun = false;
    this.#isText = false;
    this.#isScalar = false;
  }
}

/** A value without the white space between its tokens, if it goes over several lines; else as it is. */
export function onOneLine(value: Uint8Array): Uint8Array {
  if (!value.includes(LINE_FEED) && !value.includes(RETURN)) return value;
  const out = new Uint8Array(value.length);
  let length = 0;
  for (let at = 0; at < value.length; at += 1) {
    const byte = value[at] as number;
    if (isSpace(byte)) continue;
    const end = byte === QUOTE ? endOfString(value, at) : at;
    const token = value.subarray(at, end < 0 ? value.length : end + 1);
    out.set(token, length);
    length += token.length;
    at += token.length - 1;
  }
  return out.subarray(0, length);
}
