import { parseJson } from '../../../text/parse-json.ts';

/** Powers of ten that a double represents exactly, as far as fifteen digits can need them. */
const powers = Float64Array.from({ length: 16 }, (_, index) => 10 ** index);
/** As many digits always fit the 53 bits of a double. */
const EXACT_DIGITS = 15;
/** As many always fit the 31 bits of a small integer, which is faster. */
const SMALL_DIGITS = 9;

const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NEWLINE = 0x0a;

/** As Python reads a float: single underscores between digits are nothing. */
const decimal = /^[+-]?(\d+(_\d+)*(?:\.(\d+(_\d+)*)?)?|\.\d+(_\d+)*)([eE][+-]?\d+(_\d+)*)?$/;
const notANumber = /^[+-]?nan$/i;
const infinite = /^[+-]?inf(inity)?$/i;

/**
 * Reads numbers out of bytes, cell by cell, each exactly as `Number` reads its text.
 *
 * A number of up to fifteen digits is a whole number divided by a power of ten: both are exact in a double, so the
 * one rounding of the division is that of `Number`. All other texts go through `Number` itself.
 * An empty cell and `nan` are NaN, `inf` is infinite. Errors: `RangeError` with the text of a cell that is no number.
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
    if (decimal.test(bare)) return Number(bare.replaceAll('_', ''));
    if (notANumber.test(bare)) return Number.NaN;
    if (infinite.test(bare)) return bare.startsWith('-') ? -Infinity : Infinity;
    throw new RangeError(`could not convert string to float: ${JSON.stringify(text)}`);
  }
}

/** What the container refuses, as HTTP would say it. */
export class ContainerError extends Error {
  override readonly name = 'ContainerFault';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const unparsableBody = (what: string): ContainerError => new ContainerError(415, what);
export const invalidRow = (what: string): ContainerError =>
  new ContainerError(400, `Unable to evaluate payload provided: ${what}`);

/** Rows of features as they were read: `values` row by row, `width` of them each. */
export interface RowTable {
  readonly values: Float32Array;
  readonly rows: number;
  readonly width: number;
}

/** Makes tables of one piece of memory that grows to the largest request and is used again. */
export class RowBuffer {
  #values = new Float32Array(4096);

  /** A buffer of at least so many values; its old content is lost. */
  ofAtLeast(count: number): Float32Array {
    if (this.#values.length < count) this.#values = new Float32Array(count);
    return this.#values;
  }
}

const COMMA = 0x2c;
/**
 * In the order in which Python's csv.Sniffer prefers them; the container asks it. Where there is none of them, it takes
 * the character that is most frequent, and of several the last; the container takes no letters and digits.
 */
const delimiters: readonly number[] = [...',\t; :'].map((one) => one.charCodeAt(0));
/** Of the first line the container looks at so many characters. */
const SNIFFED = 512;

/**
 * Rows of comma-separated numbers, without a header and without a label; an empty cell is NaN.
 *
 * Errors: `ContainerFault` 415 for what is no number, and for rows of different lengths.
 * Source: csv_to_dmatrix in aws/sagemaker-xgboost-container, encoder.py.
 */
export function readCsv(body: Uint8Array, buffer: RowBuffer): RowTable {
  const bytes = stripped(body);
  if (bytes.length === 0) throw unparsableCsv('Could not determine delimiter');
  const reader = new NumberReader(bytes, delimiterOf(bytes));
  // A cell takes at least its delimiter.
  const values = buffer.ofAtLeast(bytes.length + 1);
  let rows = 0;
  try {
    const width = readRow(bytes, reader, values, 0);
    rows = 1;
    while (reader.at <= bytes.length) {
      const count = readRow(bytes, reader, values, rows * width);
      if (count !== width) throw new RangeError('setting an array element with a sequence.');
      rows += 1;
    }
    return { values, rows, width };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw unparsableCsv(error.message);
  }
}

const unparsableCsv = (what: string): ContainerError =>
  unparsableBody(
    `Loading csv data failed with Exception, please ensure data is in csv format:\n <class 'ValueError'>\n ${what}`,
  );

/** Reads the values of one row to `at` and on, and goes behind its newline; how many there were. */
function readRow(
  bytes: Uint8Array,
  reader: NumberReader,
  values: Float32Array,
  at: number,
): number {
  let count = 0;
  for (;;) {
    const value = reader.next();
    values[at + count] = value;
    if (isBeyondFloat32(values[at + count])) throw new RangeError(INFINITE);
    count += 1;
    const isLast = reader.at >= bytes.length || bytes[reader.at] === NEWLINE;
    reader.at += 1;
    if (isLast) return count;
  }
}

/** XGBoost takes no infinite value: the container cannot make its matrix. */
function isBeyondFloat32(value: number | undefined): boolean {
  return value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
}

function delimiterOf(bytes: Uint8Array): number {
  const end = Math.min(bytes.length, SNIFFED);
  const counts = new Uint16Array(256);
  for (let at = 0; at < end && bytes[at] !== NEWLINE; at += 1) {
    // What is preferred to all others is found at once.
    if (bytes[at] === COMMA) return COMMA;
    const byte = bytes[at] as number;
    counts[byte] = (counts[byte] as number) + 1;
  }
  const preferred = delimiters.find((byte) => (counts[byte] as number) > 0);
  if (preferred !== undefined) return preferred;
  let most = 0;
  for (let byte = 1; byte < 128; byte += 1) {
    if ((counts[byte] as number) >= (counts[most] as number)) most = byte;
  }
  return /[0-9a-z]/i.test(String.fromCharCode(most)) ? COMMA : most;
}

/** Without white space at both ends. */
export function stripped(bytes: Uint8Array): Uint8Array {
  let from = 0;
  let to = bytes.length;
  while (from < to && isSpace(bytes[from])) from += 1;
  while (from < to && isSpace(bytes[to - 1])) to -= 1;
  return to - from === bytes.length ? bytes : bytes.subarray(from, to);
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}

/** How Python reads an int. */
const INTEGER = /^\s*[+-]?\d+(_\d+)*\s*$/;
/** Beyond these a matrix of scipy cannot be indexed. */
const MOST_INDEX = 2 ** 31 - 1;

/**
 * Rows of `[label] index:value index:value`, with blanks between; what is not named is NaN, what is no pair is not looked at.
 *
 * Indices count from 0. What a row names twice is added up, and last rows without pairs are left out: so does a sparse
 * matrix. Errors: `ContainerFault` 415 for what is no such row, 400 for an index beyond the features of the model.
 * Source: _get_sparse_matrix_from_libsvm in serve_utils.py.
 */
export function readLibsvm(body: Uint8Array, buffer: RowBuffer, width: number): RowTable {
  const lines = Buffer.from(stripped(body)).toString('utf8').split('\n').map(pairsOf);
  const rows = lines.findLastIndex((pairs) => pairs.length > 0) + 1;
  if (rows === 0) throw unparsableLibsvm('cannot infer dimensions from zero sized index arrays');
  const values = buffer.ofAtLeast(rows * width).fill(Number.NaN, 0, rows * width);
  let highest = -1;
  for (const [row, pairs] of lines.entries()) {
    highest = Math.max(highest, putRow(pairs, values, row * width, width));
  }
  if (highest >= width) throw tooManyFeatures(highest + 1, width);
  return { values, rows, width };
}

/** Puts the pairs of a row to `at` and on, as far as the model has features; the highest index there was, or -1. */
function putRow(pairs: readonly Pair[], values: Float32Array, at: number, width: number): number {
  const sums = new Map<number, number>();
  for (const { index, value } of pairs) sums.set(index, (sums.get(index) ?? 0) + value);
  let highest = -1;
  for (const [index, value] of sums) {
    if (isBeyondFloat32(Math.fround(value))) throw unparsableLibsvm(INFINITE);
    highest = Math.max(highest, index);
    if (index < width) values[at + index] = value;
  }
  return highest;
}

const INFINITE =
  'Check failed: valid: Input data contains `inf` or a value too large, while `missing` is not set to `inf`';

const unparsableLibsvm = (what: string): ContainerError =>
  unparsableBody(
    `Loading libsvm data failed with Exception, please ensure data is in libsvm format:\n ${what}`,
  );

interface Pair {
  readonly index: number;
  readonly value: number;
}

function pairsOf(line: string): readonly Pair[] {
  return line
    .split(' ')
    .filter((item) => item.includes(':'))
    .map((item) => {
      const [index = '', value = ''] = item.split(':');
      return { index: indexOf(index), value: libsvmValue(value) };
    });
}

function indexOf(text: string): number {
  if (!INTEGER.test(text)) {
    throw unparsableLibsvm(`invalid literal for int() with base 10: ${JSON.stringify(text)}`);
  }
  const index = Number(text.replaceAll('_', ''));
  if (index < 0) throw unparsableLibsvm('negative column index found');
  if (index > MOST_INDEX) throw unparsableLibsvm(`index ${index} is out of range`);
  return index;
}

function libsvmValue(text: string): number {
  const bare = text.trim();
  if (decimal.test(bare)) return Number(bare.replaceAll('_', ''));
  if (notANumber.test(bare)) return Number.NaN;
  if (infinite.test(bare)) throw unparsableLibsvm(INFINITE);
  throw unparsableLibsvm(`could not convert string to float: ${JSON.stringify(text)}`);
}

/** The same rows with the features that they do not have as missing ones; `undefined` if they have more. */
export function widened({ values, rows, width }: RowTable, features: number): RowTable | undefined {
  if (width === features) return { values, rows, width };
  if (width > features) return undefined;
  const wider = new Float32Array(rows * features).fill(Number.NaN);
  for (let row = 0; row < rows; row += 1) {
    wider.set(values.subarray(row * width, (row + 1) * width), row * features);
  }
  return { values: wider, rows, width: features };
}

/** XGBoost's own words. Source: learner.cc. */
export const tooManyFeatures = (width: number, features: number): ContainerError =>
  invalidRow(
    `Check failed: learner_model_param_.num_feature >= p_fmat->Info().num_col_ (${features} vs. ${width}) : Number of columns does not match number of features in booster.`,
  );

/**
 * Rows of `{"instances":[{"features":[0.5,null]}]}`, or of plain arrays in `instances`; null is NaN.
 *
 * Errors: `ContainerFault` 415 for what is no such JSON, 400 for rows of different lengths.
 */
export function readJsonInstances(body: Uint8Array, buffer: RowBuffer): RowTable {
  const rows = instancesOf(body).map(featuresOf);
  const width = rows[0]?.length ?? 0;
  const values = buffer.ofAtLeast(rows.length * width);
  for (const [row, features] of rows.entries()) {
    if (features.length !== width) throw invalidRow(`${features.length} features after ${width}.`);
    for (const [index, value] of features.entries()) {
      values[row * width + index] = featureOf(value, index, row);
    }
  }
  return { values, rows: rows.length, width };
}

function featureOf(value: unknown, index: number, row: number): number {
  if (value === null) return Number.NaN;
  if (typeof value !== 'number') {
    throw unparsableBody(`Feature ${index} of instance ${row} is neither a number nor null.`);
  }
  if (!isBeyondFloat32(Math.fround(value))) return value;
  throw unparsableBody(`Feature ${index} of instance ${row} is beyond float32.`);
}

function instancesOf(body: Uint8Array): readonly unknown[] {
  const parsed = json(body);
  const { instances } = Object(parsed) as { readonly instances?: unknown };
  if (Array.isArray(instances) && instances.length > 0) return instances;
  throw unparsableBody('Send {"instances":[{"features":[0.5,null]}]}.');
}

function json(body: Uint8Array): unknown {
  try {
    return parseJson(Buffer.from(body).toString('utf8'));
  } catch {
    throw unparsableBody('The body is not JSON.');
  }
}

function featuresOf(instance: unknown, row: number): readonly unknown[] {
  const { features } = Object(instance) as { readonly features?: unknown };
  const found = Array.isArray(instance) ? instance : features;
  if (Array.isArray(found)) return found;
  throw unparsableBody(`Instance ${row} has no list of features.`);
}
