import type { ParquetParsers, SchemaElement, SchemaTree } from 'hyparquet';

/** Gives a value as a mapping reads it: numbers, long integers, texts, bytes; null for none. */
export type ConvertValue = (value: unknown) => unknown;

const LATEST_DATE_MS = 8_640_000_000_000_000;
const unitsPerMs = { MILLIS: 1n, MICROS: 1_000n, NANOS: 1_000_000n } as const;
type TimeUnit = keyof typeof unitsPerMs;

/**
 * Takes from the columns of a schema what a decoder would turn into doubles or cut to milliseconds, and gives what does it exactly.
 *
 * Decimals become texts of their digits, instants texts of ISO 8601 (without an offset where the file says that they are local), dates
 * `2026-01-31`. The schema is changed.
 */
export function exactValues(tree: SchemaTree): ConvertValue {
  const { element, children } = tree;
  if (children.length === 0) return exactLeaf(element);
  const converts = new Map(children.map((child) => [child.element.name, exactValues(child)]));
  const [only] = converts.size === 1 ? converts.values() : [];
  return (value) => converted(value, converts, only);
}

/** Lists and maps lie flatter in values than in the schema: a wrapper with one child is passed through. */
function converted(
  value: unknown,
  converts: ReadonlyMap<string, ConvertValue>,
  only: ConvertValue | undefined,
): unknown {
  if (Array.isArray(value)) return value.map((item) => converted(item, converts, only));
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) {
    return only ? only(value) : value;
  }
  const entries = Object.entries(value);
  if (only && !entries.every(([name]) => converts.has(name))) return only(value);
  return Object.fromEntries(
    entries.map(([name, inner]) => [name, converts.get(name)?.(inner) ?? inner]),
  );
}

function exactLeaf(element: SchemaElement): ConvertValue {
  const convert = leafConverter(element);
  if (convert !== plain && convert !== shortest) {
    delete element.converted_type;
    delete element.logical_type;
  }
  return (value) => (value === null || value === undefined ? null : convert(value));
}

function leafConverter(element: SchemaElement): ConvertValue {
  const { type, converted_type: older, logical_type: newer, scale } = element;
  if (newer?.type === 'DECIMAL') return decimalText(newer.scale);
  if (older === 'DECIMAL') return decimalText(scale ?? 0);
  const instant = instantUnit(element);
  if (instant) return instantText(instant.unit, instant.isUtc);
  if (older === 'DATE' || newer?.type === 'DATE') return dateText;
  // What no decoder reads stays bytes.
  if (older === 'INTERVAL' || older === 'BSON') return unread;
  return type === 'FLOAT' ? shortest : plain;
}

function instantUnit({
  converted_type: older,
  logical_type: newer,
}: SchemaElement): { readonly unit: TimeUnit; readonly isUtc: boolean } | undefined {
  if (newer?.type === 'TIMESTAMP') return { unit: newer.unit, isUtc: newer.isAdjustedToUTC };
  if (older === 'TIMESTAMP_MILLIS') return { unit: 'MILLIS', isUtc: true };
  return older === 'TIMESTAMP_MICROS' ? { unit: 'MICROS', isUtc: true } : undefined;
}

const unread: ConvertValue = (value) => value;

/** Long integers that a double holds are numbers. */
const plain: ConvertValue = (value) => {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
};

/** A float of 32 bits by the fewest digits that give it again: 12.34, not 12.34000015258789. */
const shortest: ConvertValue = (value) => {
  if (typeof value !== 'number' || Number.isInteger(value) || !Number.isFinite(value)) return value;
  for (let digits = 6; digits < 9; digits += 1) {
    const near = Number(value.toPrecision(digits));
    if (Math.fround(near) === value) return near;
  }
  return Number(value.toPrecision(9));
};

function decimalText(scale: number): ConvertValue {
  return (value) => {
    const unscaled = value instanceof Uint8Array ? twosComplement(value) : value;
    if (typeof unscaled !== 'bigint' && typeof unscaled !== 'number') return value;
    const digits = String(unscaled)
      .replace('-', '')
      .padStart(scale + 1, '0');
    const whole = digits.slice(0, digits.length - scale);
    const fraction = scale === 0 ? '' : `.${digits.slice(-scale)}`;
    return `${unscaled < 0 ? '-' : ''}${whole}${fraction}`;
  };
}

/** A whole number of any length, the highest byte first. */
function twosComplement(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n;
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex}`));
}

function instantText(unit: TimeUnit, isUtc: boolean): ConvertValue {
  const perMs = unitsPerMs[unit];
  return (value) => {
    if (typeof value !== 'bigint' && typeof value !== 'number') return value;
    const text = isoText(BigInt(value), perMs);
    return isUtc ? text : text.replace('Z', '');
  };
}

/** Towards the past where it is finer than a millisecond; what is no instant stays its number. */
function isoText(value: bigint, perMs: bigint): string {
  const rest = value % perMs;
  const ms = Number(value / perMs) - (rest < 0n ? 1 : 0);
  return Math.abs(ms) <= LATEST_DATE_MS ? new Date(ms).toISOString() : String(value);
}

const dateText: ConvertValue = (value) => {
  const ms = Number(value) * 86_400_000;
  return Math.abs(ms) <= LATEST_DATE_MS ? new Date(ms).toISOString().slice(0, 10) : String(value);
};

let lastBuffer: Buffer = Buffer.alloc(0);

/** Texts as they stand; bytes where they are not UTF-8. */
function textOf(bytes: Uint8Array): string | Uint8Array {
  if (bytes.buffer !== lastBuffer.buffer || lastBuffer.byteOffset !== 0) {
    lastBuffer = Buffer.from(bytes.buffer);
  }
  const end = bytes.byteOffset + bytes.length;
  const text = lastBuffer.toString('utf8', bytes.byteOffset, end);
  if (!text.includes('\ufffd')) return text;
  return Buffer.from(text).equals(bytes) ? text : bytes;
}

/** What the decoder leaves to its caller. */
export const exactParsers: Partial<ParquetParsers> = {
  stringFromBytes: textOf,
  jsonFromBytes: textOf,
  geometryFromBytes: (bytes) => bytes,
  geographyFromBytes: (bytes) => bytes,
  // Of INT96, which is an instant without a type.
  timestampFromNanoseconds: (nanos) => isoText(nanos, unitsPerMs.NANOS),
};
