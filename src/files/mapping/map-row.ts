import { createHash } from 'node:crypto';
import { isCardNumber } from '../../contract/values/identifier.ts';
import { NumberText } from '../../contract/values/number-text.ts';
import { UnreadableValue } from '../../contract/values/unreadable-value.ts';
import { FraudstreamError } from '../../errors.ts';
import { instantMs } from '../../transactions/instant.ts';
import { type Label, labelFieldFault, labelIn, truthFields } from '../../transactions/label.ts';
import {
  type Transaction,
  transactionFieldFault,
  transactionFields,
} from '../../transactions/transaction.ts';
import { type InputRow, type RowFault, shown } from '../reading/row.ts';
import { sourceReader } from './column-readers.ts';
import { amountReader, fieldReader, isDecimalAmount, type ReadField } from './field-readers.ts';
import { decimalAmounts, instantFields, type Mapping } from './mapping.ts';
import { MappingTally } from './mapping-tally.ts';
import { passedThrough } from './pass-through.ts';

/** A transaction as the bytes of its line, and the truth about it where the file tells it. */
export interface Mapped {
  readonly transaction: Transaction;
  readonly line: string;
  readonly label: Label | undefined;
}

/** Makes a transaction of a row, or says why it is none. */
export type MapRow = (row: InputRow) => Mapped | { readonly fault: RowFault };

/** What a row became, and all that is wrong with it. */
export interface MappedValue {
  readonly found: Readonly<Record<string, unknown>>;
  readonly faults: readonly RowFault[];
}

/** How rows are mapped besides the mapping. */
export interface MapSettings {
  /** What the mapping did, counted there. */
  readonly tally?: MappingTally | undefined;
  /** A card number in a field is a fault. */
  readonly forbidsPan?: boolean | undefined;
}

const ID_LENGTH = 26;
const truths = new Set<string>(truthFields);
const requiredFields = new Set([
  ...['event_time', 'card_id', 'currency', 'amount_minor', 'amount', 'transaction_id'],
]);
/** Fields of text that cannot be a card number, or that mean no value by another word. */
const notText = new Set([
  ...['schema_version', 'is_fraud', 'card_present', 'account_age_days', 'amount_minor'],
  ...['billing_amount_minor', ...Object.keys(decimalAmounts), ...instantFields],
]);

/**
 * Rows to transactions, by a mapping that was checked.
 *
 * Without a `transaction_id` one is derived: 26 characters of the SHA-256 of the line's number and the
 * mapped fields, so that the same file gives the same identifiers. What is empty stays absent.
 */
export function mapRow(mapping: Mapping, settings: MapSettings = {}): MapRow {
  const convert = mappedFaults(mapping, settings);
  const others = passedThrough(mapping);
  return (row) => {
    const { found, faults } = convert(row);
    const [fault] = faults;
    if (fault) return { fault };
    const transaction = inOrder(found);
    const line = JSON.stringify(transaction);
    const rest = others(row);
    return {
      transaction,
      line: rest === '' ? line : `${line.slice(0, -1)},${rest}}`,
      label: labelIn(found, transaction),
    };
  };
}

/** The fields of a transaction in the order of the schema. */
function inOrder(found: Readonly<Record<string, unknown>>): Transaction {
  const transaction: Record<string, unknown> = {};
  for (const field of transactionFields) {
    const value = found[field];
    if (value !== undefined) transaction[field] = value;
  }
  // Every field has passed its check.
  return transaction as unknown as Transaction;
}

/** A field while a row is mapped. */
interface Step {
  readonly field: string;
  readonly column: string;
  readonly isRequired: boolean;
  /** A field of text, whose values can be card numbers. */
  readonly isText: boolean;
  readonly fieldFault: (value: unknown) => string | undefined;
  readonly source: (row: InputRow) => unknown;
  readonly read: ReadField;
}

/** All that is wrong with a row that a mapping is to make a transaction of. */
export function mappedFaults(
  mapping: Mapping,
  { tally = new MappingTally(), forbidsPan = false }: MapSettings = {},
): (row: InputRow) => MappedValue {
  const steps = stepsOf(mapping, tally);
  const plain = steps.filter(({ field }) => !isDecimalAmount(field));
  const decimals = steps.filter(({ field }) => isDecimalAmount(field));
  const constants = constantsOf(mapping);
  const amounts = amountReader(mapping);
  const hasId = 'transaction_id' in mapping.columns || 'transaction_id' in mapping.constants;
  const required = 'transaction_id' in mapping.columns ? ['transaction_id', ...needed] : needed;
  const hasLabel = 'is_fraud' in mapping.columns;
  return (row) => {
    if (row.cells === undefined && !isObject(row.value)) {
      const fault = { field: '', value: shown(row.value), reason: 'must be an object' };
      return { found: {}, faults: [fault] };
    }
    const faults: RowFault[] = [];
    const found: Record<string, unknown> = { schema_version: 1, ...constants };
    tally.rows += 1;
    for (const step of plain) setField(step, row, found, faults);
    for (const step of decimals) setAmount(step, row, found, faults);
    completed(found);
    for (const field of required) {
      if (found[field] === undefined && !hasFault(field, faults)) {
        faults.push({ field, value: undefined, reason: 'is required' });
      }
    }
    if (!hasId) found.transaction_id = derivedId(found, row);
    return { found, faults };
  };

  function setField(
    step: Step,
    row: InputRow,
    found: Record<string, unknown>,
    faults: RowFault[],
  ): void {
    const seen = step.source(row);
    if (seen === undefined) return;
    const value = seen instanceof UnreadableValue ? seen : step.read(seen);
    const reason =
      value instanceof UnreadableValue ? readFault(step.field, value) : step.fieldFault(value);
    if (reason !== undefined) bad(step, seen, reason, faults);
    else if (step.isText && isCardNumber(value as string))
      cardNumber(step, value as string, found, faults);
    else found[step.field] = value;
  }

  function setAmount(
    step: Step,
    row: InputRow,
    found: Record<string, unknown>,
    faults: RowFault[],
  ): void {
    const seen = step.source(row);
    if (seen === undefined) return;
    const { minor, currency } = decimalAmounts[step.field] as { minor: string; currency: string };
    const value =
      seen instanceof UnreadableValue
        ? seen
        : amounts.read(seen, found[currency], () => {
            tally.roundedAmounts += 1;
          });
    if (value instanceof UnreadableValue) bad(step, seen, value.reason, faults);
    else found[minor] = value;
    signed(step, minor, seen, found, faults);
  }

  /** An amount below 0 is what the mapping says of it. */
  function signed(
    step: Step,
    minor: string,
    seen: unknown,
    found: Record<string, unknown>,
    faults: RowFault[],
  ): void {
    const amount = found[minor];
    if (typeof amount !== 'number' || amount >= 0) return;
    if (mapping.negative === 'refuse') {
      delete found[minor];
      const hint = 'set "amount-format: { negative: refund }" (or absolute)';
      bad(step, seen, `is below 0: ${hint}`, faults);
      return;
    }
    found[minor] = -amount;
    if (mapping.negative === 'refund') found.type = 'refund';
  }

  function bad(step: Step, seen: unknown, reason: string, faults: RowFault[]): void {
    if (!step.isRequired && mapping.onBadOptional === 'absent') {
      tally.addAbsent(step.column, `${reason}, not ${shownValue(seen)}`);
      return;
    }
    faults.push({ field: step.column, value: shownValue(seen), reason });
  }

  function cardNumber(
    { field, column }: Step,
    value: string,
    found: Record<string, unknown>,
    faults: RowFault[],
  ): void {
    tally.addCardNumber(column);
    if (!forbidsPan) {
      found[field] = value;
      return;
    }
    const masked = `"${value.slice(0, 6)}...${value.slice(-4)}"`;
    faults.push({
      field: column,
      value: masked,
      reason: 'is a card number, which --forbid-pan refuses',
    });
  }

  /** Adds what the mapping says of rows that lack it. */
  function completed(found: Record<string, unknown>): void {
    if (!hasLabel) return;
    if (typeof found.is_fraud !== 'boolean') tally.unlabelledRows += 1;
    if (found.is_fraud !== true || found.reported_at !== undefined) return;
    const at = instantMs(String(found.event_time)) + mapping.reportDelayMs;
    const text = Number.isNaN(at) ? '' : new Date(at).toISOString();
    if (Number.isNaN(instantMs(text))) return;
    found.reported_at = text;
    tally.delayedReports += 1;
  }

  function hasFault(field: string, faults: readonly RowFault[]): boolean {
    const columns = steps
      .filter((step) => becomes(step.field) === field)
      .map(({ column }) => column);
    return faults.some((fault) => columns.includes(fault.field));
  }
}

const needed = ['event_time', 'card_id', 'amount_minor', 'currency'];

const becomes = (field: string): string => decimalAmounts[field]?.minor ?? field;

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readFault(field: string, { reason }: UnreadableValue): string {
  return instantFields.has(field)
    ? `${reason.replace('cannot be read', `cannot be read as ${field}`)}`
    : reason;
}

/** Numbers as they were written. */
function shownValue(seen: unknown): string | undefined {
  if (seen instanceof UnreadableValue) return undefined;
  return seen instanceof NumberText ? seen.text : shown(seen);
}

function stepsOf(mapping: Mapping, tally: MappingTally): readonly Step[] {
  return Object.entries(mapping.columns).map(([field, source]) => {
    const column = source.from.join(' + ');
    const onCardNumber = (): void => tally.addCardNumber(column);
    const onRounded = (): void => {
      tally.roundedAmounts += 1;
    };
    const isDecimal = isDecimalAmount(field);
    return {
      field,
      column,
      isRequired: requiredFields.has(field),
      isText: !notText.has(field),
      fieldFault: faultOf(becomes(field)),
      source: sourceReader(field, source, mapping.salt, onCardNumber),
      read: isDecimal ? (value) => value : fieldReader(field, source, mapping, onRounded),
    };
  });
}

/** The check of a field; of a label text that is neither fraud nor genuine there is none. */
function faultOf(field: string): (value: unknown) => string | undefined {
  if (field === 'is_fraud') return () => undefined;
  return truths.has(field) ? labelFieldFault(field) : transactionFieldFault(field);
}

/** Errors: `bad-config` for a constant that its field cannot hold. */
function constantsOf(mapping: Mapping): Readonly<Record<string, unknown>> {
  const entries = Object.entries(mapping.constants).map(([field, text]) => {
    const { minor = field, currency = '' } = decimalAmounts[field] ?? {};
    const value = isDecimalAmount(field)
      ? amountReader(mapping).read(text, mapping.constants[currency])
      : fieldReader(field, undefined, mapping, () => undefined)(text);
    const reason = value instanceof UnreadableValue ? value.reason : faultOf(minor)(value);
    if (reason === undefined) return [minor, value] as const;
    const message = `The mapping sets ${field} to "${text}", which ${reason}.`;
    throw new FraudstreamError('bad-config', message);
  });
  return Object.fromEntries(entries);
}

function derivedId(found: Readonly<Record<string, unknown>>, { line, part }: InputRow): string {
  const at = part === undefined ? `${line}` : `${line}.${part}`;
  const digest = createHash('sha256')
    .update(`${at}\n${JSON.stringify(found)}`)
    .digest('base64url');
  return digest.slice(0, ID_LENGTH);
}
