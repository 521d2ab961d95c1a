/** Powers of ten that a double holds exactly, as far as fifteen digits can need them. */
const powers = Float64Array.from({ length: 16 }, (_, index) => 10 ** index);
/** As many digits always fit the 53 bits of a double. */
const EXACT_DIGITS = 15;
/** As many always fit the 31 bits of a small integer, which is faster. */
const SMALL_DIGITS = 9;

const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NEWLINE = 0x0a;

const decimal = /^[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const notANumber = /^[+-]?nan$/i;

/**
 * Reads numbers out of bytes, cell by cell, each exactly as `Number` reads its text.
 *
 * A number of up to fifteen digits is a whole number divided by a power of ten: both are exact in a double, so the
 * one rounding of the division is that of `Number`. All other texts go through `Number` itself.
 * An empty cell and `nan` are NaN. Errors: `RangeError` with the text of a cell that is no number.
 */
export class NumberReader {
  /** Where the next cell begins; after a reading, its end: a delimiter, a newline or the end of all. */
  at = 0;
  readonly #bytes: Buffer;
  readonly #delimiter: number;

  constructor(bytes: Uint8Array, delimiter: number) {
    this.#bytes = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#delimiter = delimiter;
  }

  /** The number of the cell that begins at `at`. */
  next(): number {
    const bytes = this.#bytes;
    const start = this.at;
    if (start >= bytes.length) return Number.NaN;
    const isNegative = bytes[start] === MINUS;
    if (isNegative) this.at += 1;
    const from = this.at;
    let mantissa = this.#digits(0);
    let digits = this.at - from;
    let decimals = 0;
    if (this.at < bytes.length && bytes[this.at] === DOT) {
      this.at += 1;
      const point = this.at;
      mantissa = this.#digits(mantissa);
      decimals = this.at - point;
      digits += decimals;
    }
    if (digits === 0 || !this.#isEnd(this.at)) return this.#asText(start);
    if (digits > EXACT_DIGITS) return Number(bytes.toString('latin1', start, this.at));
    const value = mantissa / (powers[decimals] as number);
    return isNegative ? -value : value;
  }

  /** `before` with the digits that begin at `at` behind it. */
  #digits(before: number): number {
    const bytes = this.#bytes;
    const { length } = bytes;
    const start = this.at;
    const most = Math.min(length, start + SMALL_DIGITS);
    let at = start;
    let small = 0;
    while (at < most) {
      const digit = (bytes[at] as number) - ZERO;
      if (digit < 0 || digit > 9) break;
      small = (Math.imul(small, 10) + digit) | 0;
      at += 1;
    }
    const count = at - start;
    let value = before === 0 ? small : before * (powers[count] as number) + small;
    if (count === SMALL_DIGITS) {
      while (at < length) {
        const digit = (bytes[at] as number) - ZERO;
        if (digit < 0 || digit > 9) break;
        value = value * 10 + digit;
        at += 1;
      }
    }
    this.at = at;
    return value;
  }

  #isEnd(at: number): boolean {
    if (at >= this.#bytes.length) return true;
    const byte = this.#bytes[at];
    return byte === this.#delimiter || byte === NEWLINE;
  }

  #asText(start: number): number {
    let end = start;
    while (!this.#isEnd(end)) end += 1;
    this.at = end;
    if (end === start) return Number.NaN;
    const text = this.#bytes.toString('latin1', start, end);
    const bare = text.trim();
    if (decimal.test(bare)) return Number(bare);
    if (notANumber.test(bare)) return Number.NaN;
    throw new RangeError(JSON.stringify(text));
  }
}
