/** A line of a text file, without its line end. `number` counts from 1. */
export interface InputLine {
  readonly number: number;
  readonly bytes: Uint8Array;
  /** The line was longer than allowed; `bytes` holds its beginning. */
  readonly isCut: boolean;
  /** The chunk in which the line lies as it is, and where it begins there; nothing for a line put together. */
  readonly chunk: Uint8Array | undefined;
  readonly at: number;
  /** The end of the line is CR LF. */
  readonly hasReturn: boolean;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Splits bytes into lines, a group for each chunk that ends some.
 *
 * Ends of line are LF or CR LF, the last may lack one; a byte order mark is left out. Of a line
 * longer than `longestBytes` only the beginning is kept, so that memory stays bounded.
 */
export async function* lines(
  chunks: AsyncIterable<Uint8Array>,
  longestBytes: number,
): AsyncGenerator<readonly InputLine[], void, undefined> {
  const splitter = new Splitter(longestBytes);
  for await (const chunk of chunks) {
    const group = splitter.split(chunk);
    if (group.length > 0) yield group;
  }
  const last = splitter.rest();
  if (last) yield [last];
}

class Splitter {
  readonly #longestBytes: number;
  #number = 0;
  #begun: Uint8Array[] = [];
  #begunBytes = 0;

  constructor(longestBytes: number) {
    this.#longestBytes = longestBytes;
  }

  split(chunk: Uint8Array): readonly InputLine[] {
    const group: InputLine[] = [];
    let from = 0;
    for (;;) {
      const end = chunk.indexOf(LINE_FEED, from);
      if (end < 0) break;
      group.push(this.#ended(chunk, from, end));
      from = end + 1;
    }
    if (from < chunk.length) this.#keep(chunk.subarray(from));
    return group;
  }

  rest(): InputLine | undefined {
    return this.#begun.length > 0 ? this.#line() : undefined;
  }

  /** The line that ends with this part; most lie in one chunk and need no joining. */
  #ended(chunk: Uint8Array, from: number, end: number): InputLine {
    if (this.#begun.length > 0 || end - from > this.#longestBytes) {
      this.#keep(chunk.subarray(from, end));
      return this.#line();
    }
    this.#number += 1;
    const number = this.#number;
    const hasReturn = end > from && chunk[end - 1] === CARRIAGE_RETURN;
    const bytes = chunk.subarray(from, hasReturn ? end - 1 : end);
    if (number > 1) return { number, bytes, isCut: false, chunk, at: from, hasReturn };
    const first = trimmed(bytes, true);
    return { number, bytes: first, isCut: false, chunk: undefined, at: 0, hasReturn };
  }

  #keep(part: Uint8Array): void {
    const bytesLeft = this.#longestBytes - this.#begunBytes;
    this.#begunBytes += part.length;
    if (bytesLeft > 0)
      this.#begun.push(part.length > bytesLeft ? part.subarray(0, bytesLeft) : part);
  }

  #line(): InputLine {
    const [only] = this.#begun;
    const whole = only && this.#begun.length === 1 ? only : Buffer.concat(this.#begun);
    const isCut = this.#begunBytes > this.#longestBytes;
    this.#begun = [];
    this.#begunBytes = 0;
    this.#number += 1;
    const bytes = trimmed(whole, this.#number === 1);
    const hasReturn = whole[whole.length - 1] === CARRIAGE_RETURN;
    return { number: this.#number, bytes, isCut, chunk: undefined, at: 0, hasReturn };
  }
}

function trimmed(bytes: Uint8Array, isFirst: boolean): Uint8Array {
  const hasMark = isFirst && BYTE_ORDER_MARK.equals(bytes.subarray(0, BYTE_ORDER_MARK.length));
  const end = bytes[bytes.length - 1] === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
  if (!hasMark && end === bytes.length) return bytes;
  return bytes.subarray(hasMark ? BYTE_ORDER_MARK.length : 0, end);
}
