/** Powers of ten that a double holds exactly, as far as fifteen digits can need them. */
const powers: readonly number[] = Array.from({ length: 16 }, (_, index) => 10 ** index);
/** As many digits always fit the 53 bits of a double. */
const EXACT_DIGITS = 15;

const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NEWLINE = 0x0a;

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
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
  readonly #bytes: Uint8Array;
  readonly #delimiter: number;

  constructor(bytes: Uint8Array, delimiter: number) {
    this.#bytes = bytes;
    this.#delimiter = delimiter;
  }

  /** The number of the cell that begins at `at`. */
  next(): number {
    const bytes = this.#bytes;
    const start = this.at;
    const isNegative = bytes[start] === MINUS;
    let at = isNegative ? start + 1 : start;
    const from = at;
    let mantissa = 0;
    let digit = (bytes[at] as number) - ZERO;
    while (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit;
      at += 1;
      digit = (bytes[at] as number) - ZERO;
    }
    let digits = at - from;
    let decimals = 0;
    if (bytes[at] === DOT) {
      const point = at;
      at += 1;
      digit = (bytes[at] as number) - ZERO;
      while (digit >= 0 && digit <= 9) {
        mantissa = mantissa * 10 + digit;
        at += 1;
        digit = (bytes[at] as number) - ZERO;
      }
      decimals = at - point - 1;
      digits += decimals;
    }
    if (digits === 0 || digits > EXACT_DIGITS || !this.#isEnd(at)) return this.#asText(start);
    this.at = at;
    const value = mantissa / (powers[decimals] as number);
    return isNegative ? -value : value;
  }

  #isEnd(at: number): boolean {
    const byte = this.#bytes[at];
    return byte === this.#delimiter || byte === NEWLINE || byte === undefined;
  }

  #asText(start: number): number {
    let end = start;
    while (!this.#isEnd(end)) end += 1;
    this.at = end;
    if (end === start) return Number.NaN;
    const text = Buffer.from(this.#bytes.subarray(start, end)).toString('latin1');
    const bare = text.trim();
    if (decimal.test(bare)) return Number(bare);
    if (notANumber.test(bare)) return Number.NaN;
    throw new RangeError(JSON.stringify(text));
  }
}
