import {
  identifierText,
  isCardNumber,
  joined,
  saltedHash,
} from '../../contract/values/identifier.ts';
import { type Pointer, parsePointer, readAt } from '../../contract/values/pointer.ts';
import { UnreadableValue } from '../../contract/values/unreadable-value.ts';
import { valueMap } from '../../contract/values/value-map.ts';
import type { InputRow } from '../reading/row.ts';
import { type FieldSource, instantFields } from './mapping.ts';

/** Gives what stands in the columns of a row; `undefined` where nothing does. */
export type ReadColumn = (row: InputRow) => unknown;

/** The value at a column or path of rows, which are of one file after the other. */
export function columnReader(text: string): ReadColumn {
  const pointer = parsePointer(text);
  let header: readonly string[] | undefined;
  let index = -1;
  return (row) => {
    const { cells } = row;
    if (!cells) return present(readAt(pointer, row.value));
    if (cells.header !== header) {
      header = cells.header;
      index = indexOf(pointer, header);
    }
    if (index >= 0) return present(cells.cell(index));
    return present(throughCells(pointer, row));
  };
}

/** The column that a pointer names by itself; -1 for a path into one. */
function indexOf({ steps, text, isDotted }: Pointer, header: readonly string[]): number {
  if (isDotted) return header.indexOf(text);
  return steps.length === 1 ? header.indexOf(steps[0] as string) : -1;
}

/** A column that holds objects, as Parquet can have them. */
function throughCells({ steps }: Pointer, { cells }: InputRow): unknown {
  const index = cells?.header.indexOf(steps[0] as string) ?? -1;
  const column = index < 0 ? undefined : cells?.cell(index);
  if (typeof column !== 'object' || column === null) return undefined;
  return readAt({ steps: steps.slice(1), text: '', isDotted: false }, column);
}

function present(value: unknown): unknown {
  if (value === undefined || value === null || value === '') return undefined;
  // Binary columns of Parquet that hold text.
  return value instanceof Uint8Array ? identifierText(value) : value;
}

/** What a field is made of: one column, or several joined; mapped and hashed as the mapping says. */
export function sourceReader(
  field: string,
  source: FieldSource,
  salt: string | undefined,
  onCardNumber: () => void,
): ReadColumn {
  let read =
    source.from.length === 1
      ? columnReader(source.from[0] as string)
      : joinReader(field, source, onCardNumber);
  if (source.values) {
    const map = valueMap({ values: source.values, default: source.default });
    read = after(read, (value) => map.read(value));
  } else if (source.default !== undefined) {
    const [inner, fallback] = [read, source.default];
    read = (row) => inner(row) ?? fallback;
  }
  if (!source.hash) return read;
  return after(read, (value) => {
    const text = identifierText(value);
    return text instanceof UnreadableValue ? text : saltedHash(text, salt ?? '');
  });
}

function joinReader(field: string, source: FieldSource, onCardNumber: () => void): ReadColumn {
  const columns = source.from.map(columnReader);
  const isInstant = instantFields.has(field);
  const separator = source.separator ?? (isInstant ? ' ' : '|');
  const partOf = (read: ReadColumn, row: InputRow): string | UnreadableValue | undefined => {
    const value = read(row);
    const text = value === undefined ? undefined : identifierText(value);
    if (typeof text === 'string' && !source.hash && isCardNumber(text)) onCardNumber();
    return text;
  };
  return (row) => {
    const parts: (string | undefined)[] = [];
    for (const column of columns) {
      const part = partOf(column, row);
      if (part instanceof UnreadableValue) return part;
      parts.push(part);
    }
    if (!isInstant) return joined(parts, separator);
    return parts.includes(undefined) ? undefined : parts.join(separator);
  };
}

function after(read: ReadColumn, change: (value: unknown) => unknown): ReadColumn {
  return (row) => {
    const value = read(row);
    return value === undefined || value instanceof UnreadableValue ? value : change(value);
  };
}
