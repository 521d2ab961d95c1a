/** A record of CSV that is too long to be read: the line it begins in, counted from 1, and its beginning. */
export interface LongRecord {
  readonly line: number;
  readonly bytes: Uint8Array;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;

/**
 * The bytes of CSV without records longer than `mostBytes`, of which only the ends of lines stay.
 *
 * The parser behind keeps what is too long, and does not find its end; here such a record ends with the line in
 * which it becomes too long, so that a quote that is never closed costs no more. Each is told.
 */
export async function* withoutLongRecords(
  chunks: AsyncIterable<Uint8Array>,
  mostBytes: number,
  onLongRecord: (record: LongRecord) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const scanner = new Scanner(mostBytes, onLongRecord);
  for await (const chunk of chunks) {
    const passed = scanner.scan(chunk);
    if (passed.length > 0) yield passed;
  }
  yield scanner.rest();
}

class Scanner {
  readonly #mostBytes: number;
  readonly #onLongRecord: (record: LongRecord) => void;
  /** The record that has begun, as far as it is kept, and its length. */
  #begun: Uint8Array[] = [];
  #length = 0;
  #line = 1;
  #beganAt = 1;
  #isFieldStart = true;
  #isQuoted = false;
  /** A quote within quotes: the byte behind it says whether it closes them. */
  #hasQuote = false;
  #before = 0;

  constructor(mostBytes: number, onLongRecord: (record: LongRecord) => void) {
    this.#mostBytes = mostBytes;
    this.#onLongRecord = onLongRecord;
  }

  /** What of the records so far can be passed on. */
  scan(chunk: Uint8Array): Uint8Array {
    const passed: Uint8Array[] = [];
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      if (!this.#endsRecord(chunk[at] as number, this.#length + at - from >= this.#mostBytes)) {
        continue;
      }
      this.#keep(chunk.subarray(from, at + 1));
      passed.push(this.#ended());
      from = at + 1;
    }
    this.#keep(chunk.subarray(from));
    return passed.length === 1 ? (passed[0] as Uint8Array) : Buffer.concat(passed);
  }

  rest(): Uint8Array {
    return this.#ended();
  }

  /** Goes on by a byte; true when it ends a record. Quotes count only in a record that is not too long. */
  #endsRecord(byte: number, isLong: boolean): boolean {
    const isEnd = byte === LINE_FEED || byte === RETURN;
    if (isEnd && !(byte === LINE_FEED && this.#before === RETURN)) this.#line += 1;
    this.#before = byte;
    if (this.#isQuoted && !isLong && !this.#closes(byte)) return false;
    this.#isQuoted = byte === QUOTE && this.#isFieldStart && !isLong;
    this.#isFieldStart = isEnd || byte === COMMA;
    return isEnd;
  }

  /** True for a byte behind the quote that closes a field. */
  #closes(byte: number): boolean {
    const wasQuote = this.#hasQuote;
    this.#hasQuote = byte === QUOTE && !wasQuote;
    return wasQuote && byte !== QUOTE;
  }

  #keep(part: Uint8Array): void {
    if (this.#length <= this.#mostBytes) this.#begun.push(part);
    else this.#begun.push(endsOfLines(part));
    this.#length += part.length;
  }

  #ended(): Uint8Array {
    const [only] = this.#begun;
    const whole = only && this.#begun.length === 1 ? only : Buffer.concat(this.#begun);
    const isLong = this.#length > this.#mostBytes;
    if (isLong)
      this.#onLongRecord({ line: this.#beganAt, bytes: whole.subarray(0, this.#mostBytes) });
    this.#begun = [];
    this.#length = 0;
    this.#beganAt = this.#line;
    this.#hasQuote = false;
    return isLong ? endsOfLines(whole) : whole;
  }
}

function endsOfLines(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte) => byte === LINE_FEED || byte === RETURN);
}
