/** Values that are no items of typed arrays; XGBoost writes about twenty a tree. */
const MOST_VALUES = 5_000_000;
const MOST_LEVELS = 100;

/** Numbers by their marker: bytes, and how they are read. Big-endian. */
const numbers: ReadonlyMap<string, readonly [number, (view: DataView, at: number) => number]> =
  new Map([
    ['i', [1, (view, at) => view.getInt8(at)]],
    ['U', [1, (view, at) => view.getUint8(at)]],
    ['I', [2, (view, at) => view.getInt16(at)]],
    ['l', [4, (view, at) => view.getInt32(at)]],
    ['L', [8, (view, at) => Number(view.getBigInt64(at))]],
    ['d', [4, (view, at) => view.getFloat32(at)]],
    ['D', [8, (view, at) => view.getFloat64(at)]],
  ]);
const constants: ReadonlyMap<string, null | boolean> = new Map([
  ['Z', null],
  ['T', true],
  ['F', false],
]);

/**
 * Reads Universal Binary JSON: a value, and everything in it.
 *
 * Time and memory are bounded by the bytes that are there: a count that they cannot fill is refused, and so are
 * counts of values without bytes. Objects have no prototype. Shapes: typed arrays of numbers become `Float64Array`.
 * Errors: `RangeError` that names the offset. Source: ubjson.org, draft 12.
 */
export function readUbjson(bytes: Uint8Array): unknown {
  return new Reader(bytes).value(MOST_LEVELS);
}

class Reader {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  #at = 0;
  #values = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  value(levels: number, marker = this.#marker()): unknown {
    this.#values += 1;
    if (this.#values > MOST_VALUES) throw this.#refused(`more than ${MOST_VALUES} values`);
    if (numbers.has(marker)) return this.#number(marker);
    if (constants.has(marker)) return constants.get(marker);
    if (marker === 'C') return String.fromCharCode(this.#number('U'));
    if (marker === 'S' || marker === 'H') return this.#text();
    if (levels === 0) throw this.#refused(`nested deeper than ${MOST_LEVELS} levels`);
    if (marker === '[') return this.#array(levels - 1);
    if (marker === '{') return this.#object(levels - 1);
    throw this.#refused(`${JSON.stringify(marker)} is no type`);
  }

  #array(levels: number): unknown {
    const { type, count } = this.#sized();
    const width = numbers.get(type ?? '');
    if (width) return this.#numbers(width, count ?? 0);
    const items: unknown[] = [];
    while (count === undefined ? !this.#ends(']') : items.length < count) {
      items.push(this.value(levels, type));
    }
    return items;
  }

  #numbers([bytes, read]: readonly [number, Read], count: number): Float64Array {
    const from = this.#take(bytes * count);
    return Float64Array.from({ length: count }, (_, index) =>
      read(this.#view, from + index * bytes),
    );
  }

  #object(levels: number): Readonly<Record<string, unknown>> {
    const { type, count } = this.#sized();
    const found: Record<string, unknown> = Object.create(null);
    for (let read = 0; count === undefined ? !this.#ends('}') : read < count; read += 1) {
      const key = this.#text();
      found[key] = this.value(levels, type);
    }
    return found;
  }

  /** `$` type and `#` count of a container, where it has them; each item takes at least a byte. */
  #sized(): { readonly type: string | undefined; readonly count: number | undefined } {
    const type = this.#ends('$') ? this.#marker() : undefined;
    if (!this.#ends('#')) {
      if (type === undefined) return { type, count: undefined };
      throw this.#refused('a type without a count');
    }
    const count = this.#length();
    if (type !== undefined && constants.has(type)) throw this.#refused('values without bytes');
    if (count > this.#bytes.length - this.#at) throw this.#refused(`${count} items`);
    return { type, count };
  }

  #text(): string {
    const length = this.#length();
    const from = this.#take(length);
    return this.#bytes.toString('utf8', from, from + length);
  }

  #length(): number {
    const marker = this.#marker();
    const length = numbers.has(marker) ? this.#number(marker) : Number.NaN;
    if (Number.isSafeInteger(length) && length >= 0) return length;
    throw this.#refused('no length');
  }

  #number(marker: string): number {
    const [bytes, read] = numbers.get(marker) as readonly [number, Read];
    return read(this.#view, this.#take(bytes));
  }

  /** The next marker; no-ops are passed over. */
  #marker(): string {
    for (;;) {
      const marker = String.fromCharCode(this.#bytes[this.#take(1)] as number);
      if (marker !== 'N') return marker;
    }
  }

  /** True when this marker is next, which is then passed. */
  #ends(marker: string): boolean {
    const from = this.#at;
    if (this.#marker() === marker) return true;
    this.#at = from;
    return false;
  }

  #take(bytes: number): number {
    const from = this.#at;
    if (bytes > this.#bytes.length - from) throw this.#refused('the end is missing');
    this.#at = from + bytes;
    return from;
  }

  #refused(reason: string): RangeError {
    return new RangeError(`at byte ${this.#at}: ${reason}`);
  }
}

type Read = (view: DataView, at: number) => number;
