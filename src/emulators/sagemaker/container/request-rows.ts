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
/** In the order in which Python's csv.Sniffer prefers them; the container asks it. */
const delimiters: readonly number[] = [...',\t;: |'].map((one) => one.charCodeAt(0));
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
  const reader = new NumberReader(bytes, delimiterOf(bytes));
  // A cell takes at least its delimiter.
  const values = buffer.ofAtLeast(bytes.length + 1);
  let rows = 0;
  try {
    const width = readRow(bytes, reader, values, 0);
    rows = 1;
    while (reader.at <= bytes.length) {
      const count = readRow(bytes, reader, values, rows * width);
      if (count !== width) throw new RangeError(`${count} values after rows of ${width}`);
      rows += 1;
    }
    return { values, rows, width };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw unparsableBody(`Loading csv data failed in row ${rows}: ${error.message}`);
  }
}

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
    if (isBeyondFloat32(values[at + count])) throw new RangeError(`${value} is beyond float32`);
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
  let found = delimiters.length;
  for (let at = 0; at < end && bytes[at] !== NEWLINE; at += 1) {
    // What is preferred to all others is found at once.
    if (bytes[at] === COMMA) return COMMA;
    const index = delimiters.indexOf(bytes[at] as number);
    if (index >= 0 && index < found) found = index;
  }
  return delimiters[found] ?? COMMA;
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

const pair = /^(\d+):([^:]+)$/;
const LIBSVM_DECIMAL = /^[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d+)?$|^[+-]?nan$/i;

/**
 * Rows of `[label] index:value index:value`; what is not named is NaN, labels are not looked at.
 *
 * Indices count from 0; when none is below 1, from 1, as XGBoost takes them.
 * Errors: `ContainerFault` 415 for what is no such row, 400 for an index beyond the features of the model.
 */
export function readLibsvm(body: Uint8Array, buffer: RowBuffer, width: number): RowTable {
  const lines = Buffer.from(stripped(body)).toString('latin1').split('\n');
  const rows = lines.map(pairsOf);
  const first = rows.every((pairs) => pairs.every(({ index }) => index >= 1)) ? 1 : 0;
  const values = buffer.ofAtLeast(rows.length * width).fill(Number.NaN, 0, rows.length * width);
  for (const [row, pairs] of rows.entries()) {
    for (const { index, value } of pairs) {
      if (index - first >= width) throw invalidRow(`feature ${index} of ${width}.`);
      values[row * width + index - first] = value;
      if (isBeyondFloat32(Math.fround(value))) {
        throw unparsableBody(
          `Loading libsvm data failed in row ${row}: ${value} is beyond float32`,
        );
      }
    }
  }
  return { values, rows: rows.length, width };
}

interface Pair {
  readonly index: number;
  readonly value: number;
}

function pairsOf(line: string, row: number): readonly Pair[] {
  const words = line.trim().split(/\s+/);
  const pairs = words.map((word) => pair.exec(word));
  const isSound = pairs.every((one, index) =>
    one ? LIBSVM_DECIMAL.test(one[2] ?? '') : index === 0 && isLabel(words[0] ?? ''),
  );
  if (!isSound)
    throw unparsableBody(`Loading libsvm data failed in row ${row}: ${line.slice(0, 80)}`);
  return pairs
    .filter((one) => one !== null)
    .map(([, index, value]) => ({ index: Number(index), value: Number(value) }));
}

const isLabel = (word: string): boolean => word === '' || LIBSVM_DECIMAL.test(word);

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
