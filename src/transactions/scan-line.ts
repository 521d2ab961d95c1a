import type { Field } from './field-checks.ts';
import { type Ends, endsOfChecked, standsAt } from './scan-value.ts';

/** Offsets of a record's known fields in its line. */
export interface FieldOffsets {
  /** Of field `n` from `2n` to before `2n+1`; of an absent field without a meaning. */
  readonly values: Int32Array;
  /** The comma behind the known fields, or the last brace where nothing follows. */
  readonly end: number;
}

/** One field of the scan table. */
interface Wanted {
  readonly key: Uint8Array;
  readonly ends: Ends;
  readonly isRequired: boolean;
}

const OPEN = 0x7b;
const CLOSE = 0x7d;
const COMMA = 0x2c;
const NULL = Buffer.from('null');

/**
 * Returns a scanner that validates a line in its bytes and finds the offsets of its values.
 *
 * It accepts one form: an object without white space, its known fields first and in the order of the
 * table, plain values. Other fields may follow, unchecked. Every other line, valid or not, is left to
 * `JSON.parse` and `checker`. The result is overwritten by the next.
 */
export function scanLine(
  fields: Readonly<Record<string, Field>>,
): (line: Uint8Array) => FieldOffsets | undefined {
  const wanted = Object.entries(fields).map(([field, { check, isRequired }]) => ({
    key: Buffer.from(`${JSON.stringify(field)}:`),
    ends: check.ends ?? endsOfChecked(check),
    isRequired,
  }));
  const lastRequired = wanted.findLastIndex(({ isRequired }) => isRequired);
  const offsets = { values: new Int32Array(2 * wanted.length), end: 0 };
  return (line) => {
    if (line[0] !== OPEN || line[line.length - 1] !== CLOSE) return undefined;
    const found = scanFields(line, wanted, offsets);
    return found >= 0 && found >= lastRequired ? offsets : undefined;
  };
}

/** Stores the offsets of values; returns the table index of the last field, -1 for a line of another form. */
function scanFields(
  line: Uint8Array,
  table: readonly Wanted[],
  offsets: { readonly values: Int32Array; end: number },
): number {
  const last = line.length - 1;
  let found = -1;
  let at = 1;
  for (let index = 0; index < table.length; index += 1) {
    const wanted = table[index] as Wanted;
    if (standsAt(line, at, wanted.key)) {
      const from = at + wanted.key.length;
      const end = endOf(line, from, wanted);
      offsets.values[2 * index] = from;
      offsets.values[2 * index + 1] = end;
      offsets.end = end;
      found = index;
      if (end === last) break;
      if (line[end] !== COMMA) return -1;
      at = end + 1;
    } else if (wanted.isRequired) return -1;
  }
  return found;
}

function endOf(line: Uint8Array, from: number, { ends, isRequired }: Wanted): number {
  const isNull = line[from] === NULL[0] && !isRequired && standsAt(line, from, NULL);
  return isNull ? from + NULL.length : ends(line, from);
}
