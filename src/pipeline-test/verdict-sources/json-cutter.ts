const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

const isSpace = (byte: number): boolean =>
  byte === 0x20 || byte === LINE_FEED || byte === 0x0d || byte === 0x09;

/**
 * Cuts bytes into JSON values: one a line, one after the other on a line (as Firehose writes them), or over several lines.
 *
 * What is no JSON comes out as one piece a line, for the reader to count, and costs no value after it: a value ends at a
 * line feed within a text, and where a line begins that cannot go on with it. A piece has at most `mostBytes`.
 */
export async function* cutJson(
  chunks: AsyncIterable<Uint8Array>,
  mostBytes: number,
): AsyncGenerator<readonly Uint8Array[], void, undefined> {
  const cutter = new JsonCutter(mostBytes);
  for await (const chunk of chunks) {
    const values = cutter.cut(chunk);
    if (values.length > 0) yield values;
  }
  const rest = cutter.rest();
  if (rest.length > 0) yield rest;
}

/** The cutting of `cutJson`, chunk by chunk. */
export class JsonCutter {
  readonly #mostBytes: number;
  #begun: Uint8Array[] = [];
  #begunBytes = 0;
  #depth = 0;
  #isText = false;
  #isEscaped = false;
  /** The last byte of the value that is no space. */
  #last = 0;
  #isLineStart = true;
  #isFirst = true;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  cut(chunk: Uint8Array): readonly Uint8Array[] {
    const values: Uint8Array[] = [];
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] as number;
      if (this.#begins(byte)) {
        this.#end(chunk.subarray(from, at), values);
        from = at;
      }
      if (this.#ends(byte)) {
        this.#end(chunk.subarray(from, at + 1), values);
        from = at + 1;
      }
      if (byte === LINE_FEED) this.#isLineStart = true;
      else if (!isSpace(byte)) this.#isLineStart = false;
    }
    this.#keep(chunk.subarray(from));
    return values;
  }

  rest(): readonly Uint8Array[] {
    const values: Uint8Array[] = [];
    this.#end(new Uint8Array(), values);
    return values;
  }

  /** True where a value over several lines cannot go on with this byte: it was cut off, and another begins. */
  #begins(byte: number): boolean {
    if (!this.#isLineStart || this.#depth === 0 || isSpace(byte)) return false;
    if (byte !== OPEN_BRACE && byte !== OPEN_BRACKET && byte !== QUOTE) return false;
    const last = this.#last;
    return last !== OPEN_BRACE && last !== OPEN_BRACKET && last !== COMMA && last !== COLON;
  }

  /** Goes on by a byte; true when it ends a value or a line that is none. */
  #ends(byte: number): boolean {
    if (this.#isText) return this.#endsInText(byte);
    if (byte === LINE_FEED) return this.#depth === 0;
    if (!isSpace(byte)) this.#last = byte;
    if (byte === QUOTE) this.#isText = true;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#depth += 1;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      this.#depth -= 1;
      return this.#depth <= 0;
    }
    return false;
  }

  /** A line feed cannot be within a text. */
  #endsInText(byte: number): boolean {
    if (byte === LINE_FEED) return true;
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) {
      this.#isText = false;
      this.#last = byte;
    }
    return false;
  }

  #keep(part: Uint8Array): void {
    const left = this.#mostBytes - this.#begunBytes;
    if (left > 0 && part.length > 0) this.#begun.push(part.subarray(0, left));
    this.#begunBytes += part.length;
  }

  #end(part: Uint8Array, values: Uint8Array[]): void {
    this.#keep(part);
    const [only] = this.#begun;
    const whole = only && this.#begun.length === 1 ? only : Buffer.concat(this.#begun);
    const hasMark = this.#isFirst && BYTE_ORDER_MARK.equals(whole.subarray(0, 3));
    const value = trimmed(hasMark ? whole.subarray(3) : whole);
    this.#isFirst = false;
    if (value.length > 0) values.push(value);
    this.#begun = [];
    this.#begunBytes = 0;
    this.#depth = 0;
    this.#isText = false;
    this.#isEscaped = false;
    this.#last = 0;
  }
}

function trimmed(bytes: Uint8Array): Uint8Array {
  let from = 0;
  let to = bytes.length;
  while (from < to && isSpace(bytes[from] as number)) from += 1;
  while (to > from && isSpace(bytes[to - 1] as number)) to -= 1;
  return bytes.subarray(from, to);
}
