import { createHash } from 'node:crypto';
import { type Label, labelIn } from '../../transactions/label.ts';
import {
  fieldsOfVersion2,
  parseTransaction,
  type Transaction,
  transactionProblems,
} from '../../transactions/transaction.ts';
import { type RowFault, shown } from '../reading/row.ts';
import { decimalAmounts, type Mapping } from './mapping.ts';
import { instants, minorUnits } from './value-formats.ts';

/** A transaction, and the truth about it where the file tells it. */
export interface Mapped {
  readonly transaction: Transaction;
  readonly label: Label | undefined;
}

/** Makes a transaction of a row, or says why it is none. */
export type MapRow = (value: unknown, line: number) => Mapped | { readonly fault: RowFault };

/** Converts what stood in a column to what a field holds; `undefined` when it cannot be. */
type Convert = (field: string, value: unknown) => unknown;

const ID_LENGTH = 26;
const numbers = new Set([
  'schema_version',
  'amount_minor',
  'billing_amount_minor',
  'account_age_days',
]);
const truths = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/**
 * Rows to transactions, by a mapping that was checked.
 *
 * Without a `transaction_id` one is derived: 26 characters of the SHA-256 of the line's number and the
 * mapped fields, so that the same file gives the same identifiers. What is empty stays absent.
 */
export function mapRow(mapping: Mapping): MapRow {
  const convert = converted(mapping);
  return (value, line) => {
    const { found, faults } = convert(value, line);
    const [fault] = faults;
    return fault ? { fault } : parsed(found);
  };
}

/** All that is wrong with a row that a mapping is to make a transaction of. */
export function mappedFaults(mapping: Mapping): (value: unknown, line: number) => MappedValue {
  const convert = converted(mapping);
  return (value, line) => {
    const { found, faults } = convert(value, line);
    const isWhole = faults.some(({ field }) => field === '');
    const { columns } = mapping;
    // What could not be converted is absent, which is no second fault.
    const faultyFields = new Set(faults.map(({ field }) => field));
    const others = isWhole
      ? []
      : transactionProblems(found)
          .filter(({ field }) => !faultyFields.has(sourceOf(field, columns)))
          .map(({ field, value: seen, reason }) => ({ field, value: shown(seen), reason }));
    return { found, faults: [...faults, ...others] };
  };
}

/** What a row became, and all that is wrong with it. */
export interface MappedValue {
  readonly found: Readonly<Record<string, unknown>>;
  readonly faults: readonly RowFault[];
}

/** The column that a field comes from; the field itself where there is none. */
function sourceOf(field: string, columns: Mapping['columns']): string {
  const decimal = Object.keys(decimalAmounts).find((one) => decimalAmounts[one]?.minor === field);
  return columns[field] ?? (decimal === undefined ? undefined : columns[decimal]) ?? field;
}

/** Rows to fields of a transaction, not judged yet, and what could not be converted. */
function converted(mapping: Mapping): (value: unknown, line: number) => MappedValue {
  const convert = converter(mapping);
  const constants = Object.entries(mapping.constants).map(([field, text]) => [
    field,
    convert(field, text),
  ]);
  const hasId = 'transaction_id' in mapping.columns;
  return (value, line) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      const fault = { field: '', value: shown(value), reason: 'must be an object' };
      return { found: {}, faults: [fault] };
    }
    const found: Record<string, unknown> = { schema_version: 1, ...Object.fromEntries(constants) };
    const row = value as Readonly<Record<string, unknown>>;
    const faults = [...setColumns(found, row, mapping, convert), ...setMinorUnits(found, mapping)];
    setVersion(found, row, mapping);
    if (!hasId) found.transaction_id = derivedId(found, line);
    return { found, faults };
  };
}

/** A row with a field of version 2 is of version 2, unless it says itself of which it is. */
function setVersion(
  found: Record<string, unknown>,
  row: Readonly<Record<string, unknown>>,
  { columns, constants }: Mapping,
): void {
  if ('schema_version' in constants) return;
  const said = columns.schema_version === undefined ? '' : (row[columns.schema_version] ?? '');
  if (said === '' && fieldsOfVersion2.some((field) => field in found)) found.schema_version = 2;
}

/** Sets fields from columns; what is empty stays absent. Says which cannot be read. */
function setColumns(
  found: Record<string, unknown>,
  row: Readonly<Record<string, unknown>>,
  { columns }: Mapping,
  convert: Convert,
): readonly RowFault[] {
  const faults: RowFault[] = [];
  for (const [field, column] of Object.entries(columns)) {
    const seen = Object.hasOwn(row, column) ? row[column] : undefined;
    if (seen === undefined || seen === null || seen === '') continue;
    const value = convert(field, seen);
    if (value === undefined) {
      faults.push({ field: column, value: shown(seen), reason: `cannot be read as ${field}` });
    } else found[field] = value;
  }
  return faults;
}

function parsed(found: Readonly<Record<string, unknown>>): ReturnType<MapRow> {
  const result = parseTransaction(found);
  if ('problem' in result) {
    const { field, value, reason } = result.problem;
    return { fault: { field, value: shown(value), reason } };
  }
  const { transaction } = result;
  return { transaction, label: labelIn(found, transaction) };
}

function converter(mapping: Mapping): Convert {
  const readInstant = instants(mapping);
  const instantText = (value: string): string | undefined => {
    const epochMs = readInstant(value);
    return epochMs === undefined ? undefined : new Date(epochMs).toISOString();
  };
  const labels = new Map([
    ...mapping.fraud.map((text) => [text, true] as const),
    ...mapping.genuine.map((text) => [text, false] as const),
  ]);
  return (field, seen) => {
    // A list or an object has no text of its own, and need not have any at all.
    if (typeof seen === 'object') return undefined;
    const value = String(seen);
    if (field === 'event_time' || field === 'reported_at') return instantText(value);
    // What is neither is no label.
    if (field === 'is_fraud') return labels.get(value.toLowerCase()) ?? 'unknown';
    if (numbers.has(field)) return Number(value);
    if (field === 'card_present') return truths.get(value.toLowerCase());
    return value;
  };
}

/** Turns amounts in whole units into minor ones; says which cannot be. */
function setMinorUnits(found: Record<string, unknown>, { columns }: Mapping): readonly RowFault[] {
  const faults: RowFault[] = [];
  for (const [field, { minor, currency }] of Object.entries(decimalAmounts)) {
    const value = found[field];
    if (value === undefined) continue;
    delete found[field];
    const units = minorUnits(value, found[currency]);
    if (units === undefined) {
      const reason = `must be an amount in whole units of ${found[currency] ?? `a ${currency}`}`;
      faults.push({ field: columns[field] ?? field, value: shown(value), reason });
    } else found[minor] = units;
  }
  return faults;
}

function derivedId(found: Readonly<Record<string, unknown>>, line: number): string {
  const digest = createHash('sha256')
    .update(`${line}\n${JSON.stringify(found)}`)
    .digest('base64url');
  return digest.slice(0, ID_LENGTH);
}
