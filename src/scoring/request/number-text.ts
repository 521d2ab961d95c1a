const DIGIT_0 = 48;
const MINUS = 45;
const POINT = 46;
/** Up to here every whole number is a float32 of its own, and its digits are its shortest text. */
const WHOLE_LIMIT = 2 ** 24;
/** Between these a float32 is written with its decimals, outside with an exponent. */
const LEAST = 1e-6;
const MOST = 1e7;
/** Up to nine digits behind the zeros of the least. Each is exact, as is every product rounded. */
const POWERS: readonly number[] = Array.from({ length: 17 }, (_, decimals) => 10 ** decimals);
/** Money and ratios of small numbers have fewer digits, everything else has more. */
const FEW_DIGITS = 6;

/**
 * Writes a float32 as the shortest decimal text that reads back as the same float32.
 *
 * Whether a reader rounds once (Java's parseFloat) or twice (a double first, as Python and
 * JavaScript do) it gets the same bits. Returns where the text ends; it takes at most 24 bytes.
 */
export function writeFloat(value: number, into: Uint8Array, at: number): number {
  const size = Math.abs(value);
  if (size < WHOLE_LIMIT && Number.isInteger(size)) {
    return writeDigits(size, into, isNegative(value) ? sign(into, at) : at);
  }
  const decimals = size >= LEAST && size < MOST ? decimalsOf(size) : 0;
  if (decimals === 0) return writeSlowly(value, into, at);
  return writeDecimal(size, decimals, into, value < 0 ? sign(into, at) : at);
}

/** The fewest decimals that read back as the value; 0 where the table of powers ends before. */
function decimalsOf(size: number): number {
  const leading = Math.floor(Math.log10(size));
  // More decimals read back as well: the first guess says on which side to look.
  const guess = Math.max(1, FEW_DIGITS - 1 - leading);
  const from = readsBack(size, guess) ? Math.max(1, -leading) : guess + 1;
  for (let decimals = from; decimals < POWERS.length; decimals += 1) {
    if (readsBack(size, decimals)) return decimals;
  }
  return 0;
}

/** True when the nearest decimal with so many decimals reads back as the value. */
function readsBack(size: number, decimals: number): boolean {
  const power = POWERS[decimals] as number;
  return Math.fround(Math.round(size * power) / power) === size;
}

function isNegative(value: number): boolean {
  return value < 0 || Object.is(value, -0);
}

function sign(into: Uint8Array, at: number): number {
  into[at] = MINUS;
  return at + 1;
}

/** Nine digits identify any float32, so that all of this fits into 32 bits, where division is fast. */
function writeDigits(value: number, into: Uint8Array, at: number): number {
  let end = at + 1;
  for (let rest = (value / 10) | 0; rest > 0; rest = (rest / 10) | 0) end += 1;
  fillDigits(value, into, at, end);
  return end;
}

function writeDecimal(size: number, decimals: number, into: Uint8Array, at: number): number {
  const power = POWERS[decimals] as number;
  const digits = Math.round(size * power);
  const whole = Math.floor(digits / power);
  const point = writeDigits(whole, into, at);
  into[point] = POINT;
  fillDigits(digits - whole * power, into, point + 1, point + 1 + decimals);
  return point + 1 + decimals;
}

/** Writes a number into the bytes from `start` to `end`, with zeros before it. */
function fillDigits(value: number, into: Uint8Array, start: number, end: number): void {
  let rest = value | 0;
  for (let index = end - 1; index >= start; index -= 1) {
    const next = (rest / 10) | 0;
    into[index] = DIGIT_0 + (rest - next * 10);
    rest = next;
  }
}

/** Very large, very small, and what is no number: rare among features. */
function writeSlowly(value: number, into: Uint8Array, at: number): number {
  const text = slowText(value);
  for (let index = 0; index < text.length; index += 1) into[at + index] = text.charCodeAt(index);
  return at + text.length;
}

function slowText(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : Number.isNaN(value) ? 'nan' : '-inf';
  for (let precision = 1; precision < 9; precision += 1) {
    const text = value.toPrecision(precision);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}

const FIRST_BYTES = 4_096;

/** Text that grows byte by byte; the same memory serves one body after the other. */
export class ByteWriter {
  #bytes: Uint8Array = new Uint8Array(FIRST_BYTES);
  #length = 0;

  /** The float as its shortest text. */
  float(value: number): void {
    this.#reserve(32);
    this.#length = writeFloat(value, this.#bytes, this.#length);
  }

  byte(code: number): void {
    this.#reserve(1);
    this.#bytes[this.#length] = code;
    this.#length += 1;
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** What was written, as bytes of its own; the next text begins empty. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#length + bytes));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
