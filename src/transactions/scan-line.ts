import type { Field } from './field-checks.ts';
import { type Ends, endsOfChecked, standsAt } from './scan-value.ts';

/** Where the known part of a record lies in its line. */
export interface FieldOffsets {
  /** Of field `n` from `2n` to before `2n+1`; of an absent field without a meaning. */
  readonly values: Int32Array;
  /** The comma behind the known fields, or the last brace where nothing follows. */
  readonly end: number;
}

/** What is looked for next in a line. */
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
 * A reader that sees in the bytes of a line that such a record begins there, and where its values lie.
 *
 * It only says yes or nothing, and knows but one way to write a record: an object without white space, its known fields first and
 * in the order of the table, plain values. Behind them may stand what it has not looked at; all else, wrong or not, is left to
 * `JSON.parse` and `checker`. Its answer is overwritten by the next.
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

/** Notes where values lie; gives the place in the table of the last field, -1 when the line is not plain. */
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
