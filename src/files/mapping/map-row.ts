import { createHash } from 'node:crypto';
import type { AmountFormat } from '../../contract/values/amount-format.ts';
import { isCardNumber } from '../../contract/values/identifier.ts';
import { NumberText } from '../../contract/values/number-text.ts';
import { UnreadableValue } from '../../contract/values/unreadable-value.ts';
import { FraudstreamError } from '../../errors.ts';
import { isJsonObject } from '../../text/parse-json.ts';
import { instantMs } from '../../transactions/instant.ts';
import { type Label, labelFieldFault, labelIn, truthFields } from '../../transactions/label.ts';
import {
  schemaVersionOf,
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
  const fields = transactionFields.filter((field) => setBy(mapping).has(field));
  return (row) => {
    const { found, faults } = convert(row);
    const [fault] = faults;
    if (fault) return { fault };
    const transaction = inOrder(found, fields);
    const line = JSON.stringify(transaction);
    const rest = others(row);
    return {
      transaction,
      line: rest === '' ? line : `${line.slice(0, -1)},${rest}}`,
      label: labelIn(found, transaction),
    };
  };
}

/** The fields that a mapping can set, besides the truth. */
function setBy({ columns, constants }: Mapping): ReadonlySet<string> {
  const given = [...Object.keys(columns), ...Object.keys(constants)];
  return new Set(['schema_version', 'transaction_id', 'type', ...given.map(becomes)]);
}

/** A transaction with its fields in the order of the schema. */
function inOrder(found: Readonly<Record<string, unknown>>, fields: readonly string[]): Transaction {
  const transaction: Record<string, unknown> = {};
  for (const field of fields) {
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
  const mapper = new RowMapper(mapping, tally, forbidsPan);
  return (row) => mapper.map(row);
}

/** A row while it is mapped. */
interface Draft {
  readonly row: InputRow;
  readonly found: Record<string, unknown>;
  readonly faults: RowFault[];
}

class RowMapper {
  readonly #mapping: Mapping;
  readonly #tally: MappingTally;
  readonly #forbidsPan: boolean;
  readonly #plain: readonly Step[];
  readonly #decimals: readonly Step[];
  /** The columns of each field that a transaction needs. */
  readonly #needed: ReadonlyArray<readonly [field: string, columns: readonly string[]]>;
  readonly #constants: Readonly<Record<string, unknown>>;
  readonly #amounts: AmountFormat;
  readonly #hasId: boolean;
  readonly #hasLabel: boolean;
  readonly #hasVersion: boolean;

  constructor(mapping: Mapping, tally: MappingTally, forbidsPan: boolean) {
    const steps = stepsOf(mapping, tally);
    this.#mapping = mapping;
    this.#tally = tally;
    this.#forbidsPan = forbidsPan;
    this.#plain = steps.filter(({ field }) => !isDecimalAmount(field));
    this.#decimals = steps.filter(({ field }) => isDecimalAmount(field));
    const hasIdColumn = 'transaction_id' in mapping.columns;
    const columnsOf = (wanted: string): readonly string[] =>
      steps.filter(({ field }) => becomes(field) === wanted).map(({ column }) => column);
    const fields = hasIdColumn ? ['transaction_id', ...needed] : needed;
    this.#needed = fields.map((field) => [field, columnsOf(field)]);
    this.#constants = constantsOf(mapping);
    this.#amounts = amountReader(mapping);
    this.#hasId = hasIdColumn || 'transaction_id' in mapping.constants;
    this.#hasLabel = 'is_fraud' in mapping.columns;
    this.#hasVersion = 'schema_version' in mapping.constants;
  }

  map(row: InputRow): MappedValue {
    if (row.cells === undefined && !isJsonObject(row.value)) {
      const fault = { field: '', value: shown(row.value), reason: 'must be an object' };
      return { found: {}, faults: [fault] };
    }
    const found: Record<string, unknown> = { schema_version: 1, ...this.#constants };
    const draft = { row, found, faults: [] };
    this.#tally.rows += 1;
    for (const step of this.#plain) this.#setField(step, draft);
    for (const step of this.#decimals) this.#setAmount(step, draft);
    if (this.#hasLabel) this.#dateReport(found);
    this.#checkNeeded(draft);
    if (!this.#hasVersion) this.#setVersion(draft);
    if (!this.#hasId) found.transaction_id = derivedId(found, row);
    return draft;
  }

  /** Unless the row says itself of which version it is. */
  #setVersion({ row, found }: Draft): void {
    const own = this.#plain.find(({ field }) => field === 'schema_version')?.source(row);
    if (own === undefined) found.schema_version = schemaVersionOf(found);
  }

  #setField(step: Step, draft: Draft): void {
    const seen = step.source(draft.row);
    if (seen === undefined) return;
    const value = seen instanceof UnreadableValue ? seen : step.read(seen);
    const reason =
      value instanceof UnreadableValue ? readFault(step.field, value) : step.fieldFault(value);
    if (reason !== undefined) this.#refuse(step, seen, reason, draft);
    else if (step.isText && isCardNumber(value as string)) {
      this.#setCardNumber(step, value as string, draft);
    } else draft.found[step.field] = value;
  }

  #setAmount(step: Step, draft: Draft): void {
    const seen = step.source(draft.row);
    if (seen === undefined) return;
    const { minor, currency } = decimalAmounts[step.field] as { minor: string; currency: string };
    const value =
      seen instanceof UnreadableValue
        ? seen
        : this.#amounts.read(seen, draft.found[currency], () => {
            this.#tally.roundedAmounts += 1;
          });
    if (value instanceof UnreadableValue) this.#refuse(step, seen, value.reason, draft);
    else if (value >= 0) draft.found[minor] = value;
    else this.#setNegative(step, minor, value, draft);
  }

  /** An amount below 0 is what the mapping says of it. */
  #setNegative(step: Step, minor: string, value: number, draft: Draft): void {
    const { negative } = this.#mapping;
    if (negative === 'refuse') {
      const reason = 'is below 0: set "amount-format: { negative: refund }" (or absolute)';
      this.#refuse(step, step.source(draft.row), reason, draft);
      return;
    }
    draft.found[minor] = -value;
    if (negative === 'refund') draft.found.type = 'refund';
  }

  #setCardNumber({ field, column }: Step, value: string, { found, faults }: Draft): void {
    this.#tally.addCardNumber(column);
    if (!this.#forbidsPan) {
      found[field] = value;
      return;
    }
    const masked = `"${value.slice(0, 6)}...${value.slice(-4)}"`;
    const reason = 'is a card number, which --forbid-pan refuses';
    faults.push({ field: column, value: masked, reason });
  }

  #refuse(step: Step, seen: unknown, reason: string, { faults }: Draft): void {
    const value = shownValue(seen);
    if (step.isRequired || this.#mapping.onBadOptional === 'row') {
      faults.push({ field: step.column, value, reason });
    } else this.#tally.addAbsent(step.column, `${reason}, not ${value}`);
  }

  /** A fraud without a report is reported so long after its event as the mapping says. */
  #dateReport(found: Record<string, unknown>): void {
    if (typeof found.is_fraud !== 'boolean') this.#tally.unlabelledRows += 1;
    if (found.is_fraud !== true || found.reported_at !== undefined) return;
    const at = instantMs(String(found.event_time)) + this.#mapping.reportDelayMs;
    const text = Number.isNaN(at) ? '' : new Date(at).toISOString();
    if (Number.isNaN(instantMs(text))) return;
    found.reported_at = text;
    this.#tally.delayedReports += 1;
  }

  #checkNeeded({ found, faults }: Draft): void {
    for (const [field, columns] of this.#needed) {
      if (found[field] !== undefined) continue;
      if (faults.some((fault) => columns.includes(fault.field))) continue;
      faults.push({ field, value: undefined, reason: 'is required' });
    }
  }
}

const needed = ['event_time', 'card_id', 'amount_minor', 'currency'];

const becomes = (field: string): string => decimalAmounts[field]?.minor ?? field;

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
