import { type Pointer, parsePointer, readAt } from '../../contract/values/pointer.ts';
import { FraudstreamError } from '../../errors.ts';
import { transactionFields } from '../../transactions/transaction.ts';
import { type InputRow, withParts } from '../reading/row.ts';
import type { FieldSource, Mapping } from './mapping.ts';

/** So many rows without a column say that there is none. */
const ENOUGH_ROWS = 100;
const needed = new Set(['event_time', 'card_id', 'currency', 'amount', 'amount_minor']);
const MOST_NAMED = 60;

/** Refuses a header of CSV without a column that the mapping names, or without any that is ours: no row could have it. */
export function checkHeader(
  header: readonly string[],
  file: string,
  mapping: Mapping | undefined,
  separator: string,
): void {
  const names = new Set(header);
  if (!mapping) {
    if ([...transactionFields, 'is_fraud'].some((field) => names.has(field))) return;
    const message = `${file} has no column that is a field of a transaction: it has ${listed(header)}. Describe them with --map, or let "fraudstream init --sample ${file}" propose a mapping.`;
    throw new FraudstreamError('bad-config', message);
  }
  const lost = pointersOf(mapping).find(
    ({ pointer, isOptional }) => !isOptional && !names.has(columnOf(pointer) ?? ''),
  );
  if (lost) throw absent(file, lost.text, header, separator);
}

/** The column that a pointer names by itself. */
function columnOf({ steps, text, isDotted }: Pointer): string | undefined {
  if (isDotted) return text;
  return steps.length === 1 ? steps[0] : undefined;
}

/** Refuses a schema without a path that the mapping names. */
export function checkPaths(
  paths: readonly (readonly string[])[],
  file: string,
  mapping: Mapping,
): void {
  const known = new Set(paths.map((path) => JSON.stringify(path)));
  const lists = paths.filter((path) => !paths.some((other) => isWithin(other, path)));
  for (const { text, pointer, isOptional } of pointersOf(mapping)) {
    const isColumn = pointer.isDotted && known.has(JSON.stringify([text]));
    const isPath = known.has(JSON.stringify(pointer.steps));
    // What is in a list, or in a text of JSON, no schema says.
    const isInList = lists.some((path) => path.length > 0 && isWithin(pointer.steps, path));
    if (isColumn || isPath || isInList || isOptional) continue;
    const top = paths.filter(({ length }) => length === 1).map(([name = '']) => name);
    throw absent(file, text, top, undefined);
  }
}

/** True for a path that leads into another one. */
function isWithin(path: readonly string[], outer: readonly string[]): boolean {
  return path.length > outer.length && outer.every((step, at) => path[at] === step);
}

/**
 * The same rows of JSON, unless none of the first ones has a path that the mapping names.
 *
 * A few rows say so only of what every transaction needs.
 */
export async function* withPaths(
  groups: AsyncIterable<readonly InputRow[]>,
  file: string,
  mapping: Mapping,
): AsyncGenerator<readonly InputRow[], void, undefined> {
  const pending: (readonly InputRow[])[] = [];
  let rows = 0;
  let isJudged = false;
  try {
    for await (const group of groups) {
      if (isJudged) {
        yield group;
        continue;
      }
      pending.push(group);
      rows += group.length;
      if (rows < ENOUGH_ROWS && file !== 'stdin') continue;
      isJudged = true;
      judgeRows(pending.flat(), file, mapping, rows >= ENOUGH_ROWS);
      yield* pending;
    }
  } catch (cause) {
    // What was read before a file broke off is not lost.
    if (!isJudged) yield* pending;
    throw cause;
  }
  if (isJudged) return;
  judgeRows(pending.flat(), file, mapping, file !== 'stdin');
  yield* pending;
}

function judgeRows(
  rows: readonly InputRow[],
  file: string,
  mapping: Mapping,
  isEnough: boolean,
): void {
  const values = withParts(rows).flatMap(({ fault, value }) => (fault ? [] : [value]));
  const objects = values.filter((value) => typeof value === 'object' && value !== null);
  if (objects.length === 0) return;
  for (const { text, pointer, field, isOptional } of pointersOf(mapping)) {
    if (isOptional || (!isEnough && !needed.has(field))) continue;
    if (objects.some((value) => readAt(pointer, value) !== undefined)) continue;
    throw absent(file, text, [...new Set(objects.flatMap(Object.keys))], undefined);
  }
}

function absent(
  file: string,
  text: string,
  names: readonly string[],
  separator: string | undefined,
): FraudstreamError {
  const wrong =
    separator !== undefined && names.length === 1
      ? ` Is "${separator === '\t' ? 'tab' : separator}" its separator? Set "separator" in the mapping.`
      : '';
  const message = `${file} has no column "${text}", which --map names. It has ${listed(names)}.${wrong} Correct the mapping, or let "fraudstream init --sample ${file}" propose one. For a column that only few rows have, write { from: ${text}, optional: true }.`;
  return new FraudstreamError('bad-config', message);
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED).join(', ');
  return names.length > MOST_NAMED ? `${shown} and ${names.length - MOST_NAMED} more` : shown;
}

interface NamedPointer {
  readonly field: string;
  readonly text: string;
  readonly pointer: Pointer;
  readonly isOptional: boolean;
}

function pointersOf({ columns, passThrough }: Mapping): readonly NamedPointer[] {
  const sources: [string, FieldSource][] = Object.entries(columns);
  const passed = passThrough === 'all' ? [] : passThrough;
  return [
    ...sources.flatMap(([field, { from, isOptional = false }]) =>
      from.map((text) => ({ field, text, pointer: parsePointer(text), isOptional })),
    ),
    ...passed.map((text) => ({
      field: text,
      text,
      pointer: parsePointer(text),
      isOptional: false,
    })),
  ];
}
