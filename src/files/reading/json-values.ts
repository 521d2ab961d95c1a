import { peeked } from './peeked.ts';

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
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;
/** Stands before each value in a JSON text sequence. Source: RFC 7464. */
const RECORD_SEPARATOR = 0x1e;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

const isSpace = (byte: number): boolean =>
  byte === SPACE ||
  byte === LINE_FEED ||
  byte === RETURN ||
  byte === 0x09 ||
  byte === RECORD_SEPARATOR;

/** How the values of a file lie: one a line, one after the other in any way, or as the items of one array. */
export type JsonLayout = 'lines' | 'values' | 'array';

/** The bytes of a file, and how its values lie in them. Empty lines, white space and a byte order mark in front say nothing. */
export async function openJson(
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ readonly layout: JsonLayout; readonly all: AsyncIterable<Uint8Array> }> {
  const { first, all } = await peeked(chunks, 1);
  return { layout: layoutOf(first), all };
}

/** The layout of a file by its first bytes, which hold its first line, or much of it. */
export function layoutOf(first: Uint8Array): JsonLayout {
  const hasMark = BYTE_ORDER_MARK.every((byte, index) => first[index] === byte);
  const at = behindSpace(first, hasMark ? BYTE_ORDER_MARK.length : 0);
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
  return [OPEN, OPEN_ARRAY, COMMA, COLON].includes(line[end - 1] as number);
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
  const values: Uint8Array[] = [];
  for (let at = behindSpace(line, 0); at < line.length; ) {
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
 * A value that does not end ends where the next one begins: at a line feed within a text, and where a line begins with
 * `{`, `[` or a quote that the value before cannot go on with. It becomes a span of its own, so that one bad value
 * costs no other. What is no JSON becomes one span a line. A byte order mark is left out.
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

/** JSON that is nested deeper than 100 levels is refused: of others it need not be known what is open. */
const KNOWN_LEVELS = 128;

/** What has begun: an object or an array, a text alone, or what is neither. */
type Begun = 'none' | 'container' | 'text' | 'other';

class ValueScanner {
  readonly #longestBytes: number;
  #line = 1;
  #markBytes = 0;
  #isArray: boolean | undefined;
  #isClosed = false;
  /** Of the value that has begun: what came in chunks before, its length, and its line. */
  #parts: Uint8Array[] = [];
  #bytes = 0;
  #beganAt = 1;
  #begun: Begun = 'none';
  /** How many brackets are open, and which they are, the outermost first. */
  #depth = 0;
  readonly #brackets = new Uint8Array(KNOWN_LEVELS);
  #isText = false;
  #isEscaped = false;
  /** The last byte of the value that is no space. */
  #last = 0;
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
      if (this.#breaksOff(byte)) {
        this.#end(chunk.subarray(from, at));
        from = at;
      }
      if (this.#begun === 'none') {
        from = at;
        this.#begin(byte);
      } else if (this.#goesOn(byte)) this.#end(chunk.subarray(from, at + 1));
      if (byte === LINE_FEED) this.#line += 1;
      this.#isLineStart = byte === LINE_FEED || (this.#isLineStart && isSpace(byte));
    }
    if (this.#begun !== 'none') this.#keep(chunk.subarray(from));
    return this.#spans;
  }

  /** What is left at the end of the file. */
  rest(): readonly JsonSpan[] {
    this.#spans = [];
    if (this.#begun !== 'none') this.#end(new Uint8Array());
    else if (this.#isArray && !this.#isClosed) {
      const reason = 'is missing: the array is not closed, so the file may have been cut off';
      this.#spans.push({ line: this.#line, bytes: new Uint8Array(), reason });
    }
    return this.#spans;
  }

  /** True for a byte that does not belong to the value that has begun. */
  #breaksOff(byte: number): boolean {
    if (this.#begun === 'none') return false;
    if (this.#isText) return byte === LINE_FEED;
    if (this.#begun === 'other') return this.#endsOther(byte);
    if (!this.#isLineStart || !(isOpening(byte) || byte === QUOTE)) return false;
    return !this.#canGoOnWith(byte);
  }

  /** What is no JSON ends with its line, before an object, and in an array as its items do. */
  #endsOther(byte: number): boolean {
    if (byte === LINE_FEED || byte === OPEN) return true;
    return this.#isArray === true && (byte === COMMA || byte === CLOSE_ARRAY);
  }

  /** True where a text, an object or an array may follow what came last. */
  #canGoOnWith(byte: number): boolean {
    if (this.#last === COLON || this.#last === OPEN_ARRAY) return true;
    if (this.#last === OPEN) return byte === QUOTE;
    return this.#last === COMMA && (byte === QUOTE || this.#innermost() === OPEN_ARRAY);
  }

  /** Goes on by a byte of the value; true when the value ends with it. */
  #goesOn(byte: number): boolean {
    if (this.#isText) return this.#goesOnInText(byte);
    if (this.#begun === 'other' || isSpace(byte)) return false;
    this.#last = byte;
    if (byte === QUOTE) this.#isText = true;
    else if (isOpening(byte)) this.#open(byte);
    else if (isClosing(byte)) {
      this.#depth -= 1;
      return this.#depth === 0;
    }
    return false;
  }

  #open(bracket: number): void {
    if (this.#depth < KNOWN_LEVELS) this.#brackets[this.#depth] = bracket;
    this.#depth += 1;
  }

  /** The bracket that was opened last; one too deep to be known is taken for an array. */
  #innermost(): number | undefined {
    return this.#depth > KNOWN_LEVELS ? OPEN_ARRAY : this.#brackets[this.#depth - 1];
  }

  #goesOnInText(byte: number): boolean {
    const wasEscaped = this.#isEscaped;
    this.#isEscaped = byte === BACKSLASH && !wasEscaped;
    if (byte !== QUOTE || wasEscaped) return false;
    this.#isText = false;
    return this.#begun === 'text';
  }

  /** Looks at a byte between values. */
  #begin(byte: number): void {
    if (this.#isMark(byte) || isSpace(byte) || this.#isOfArray(byte)) return;
    this.#beganAt = this.#line;
    this.#depth = 0;
    if (isOpening(byte)) this.#open(byte);
    this.#isText = byte === QUOTE;
    this.#begun = 'other';
    if (this.#isText) this.#begun = 'text';
    else if (isOpening(byte)) this.#begun = 'container';
    this.#last = byte;
    this.#isEscaped = false;
  }

  /** True for a byte that belongs to an array whose items are the values. */
  #isOfArray(byte: number): boolean {
    this.#isArray ??= byte === OPEN_ARRAY ? undefined : false;
    if (this.#isArray === false) return false;
    // The first array, or a second one that goes on where the first one ended.
    if (byte === OPEN_ARRAY && (this.#isArray === undefined || this.#isClosed)) {
      this.#isArray = true;
      this.#isClosed = false;
      return true;
    }
    if (this.#isClosed || (byte !== COMMA && byte !== CLOSE_ARRAY)) return false;
    this.#isClosed = byte === CLOSE_ARRAY;
    return true;
  }

  /** True for a byte of a byte order mark at the begin of the file. */
  #isMark(byte: number): boolean {
    const isMark = this.#isArray === undefined && byte === BYTE_ORDER_MARK[this.#markBytes];
    this.#markBytes = isMark ? this.#markBytes + 1 : BYTE_ORDER_MARK.length;
    return isMark;
  }

  #keep(part: Uint8Array): void {
    const bytesLeft = this.#longestBytes + 1 - this.#bytes;
    this.#bytes += part.length;
    if (bytesLeft > 0) this.#parts.push(part.subarray(0, bytesLeft));
  }

  #end(last: Uint8Array): void {
    this.#keep(last);
    const [only] = this.#parts;
    const whole = only && this.#parts.length === 1 ? only : Buffer.concat(this.#parts);
    const bytes = withoutSpaceBehind(whole);
    const isLong = this.#bytes > this.#longestBytes;
    const reason = `is longer than ${this.#longestBytes} bytes`;
    this.#part = this.#beganAt === this.#lastLine ? this.#part + 1 : 0;
    this.#lastLine = this.#beganAt;
    const part = this.#part > 0 ? { part: this.#part } : {};
    this.#spans.push({ line: this.#beganAt, ...part, bytes, ...(isLong && { reason }) });
    this.#parts = [];
    this.#bytes = 0;
    this.#begun = 'none';
    this.#isText = false;
  }
}

function withoutSpaceBehind(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && isSpace(bytes[end - 1] as number)) end -= 1;
  return bytes.subarray(0, end);
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
