import { currencies } from '../../transactions/currency.ts';
import { instantMs } from '../../transactions/instant.ts';
import { type Transaction, transactionFields } from '../../transactions/transaction.ts';
import type { ContractKeys, ContractNode, ContractSource } from '../contract-node.ts';
import { amountFormat } from '../values/amount-format.ts';
import { type InstantFormat, instantFormat } from '../values/instant-format.ts';
import { UnreadableValue } from '../values/unreadable-value.ts';
import { valueMap } from '../values/value-map.ts';
import { fieldReaders } from './field-readers.ts';

/** A value that a field of a payload can have; `null` where the transaction has none. */
export type FieldValue = string | number | bigint | boolean | null;

/** Fields of a transaction as far as they have been read, by name. */
export type FoundFields = Record<string, unknown>;

/**
 * How one field of a transaction is written to a payload and read from it.
 *
 * `read` sets the field, and returns what the value should have been where it cannot. `loss` says what a reader
 * cannot get back; undefined where reading gives what was written.
 */
export interface FieldFormat {
  readonly name: PayloadField;
  /** The field of a transaction that reading sets. */
  readonly target: keyof Transaction;
  readonly loss: string | undefined;
  /** True where a JSON number must be read as it was written. */
  readonly isText: boolean;
  write(transaction: Transaction, eventAt: number): FieldValue | undefined;
  read(value: unknown, found: FoundFields): string | undefined;
  /** Writes an instant; only of `event_time`. */
  readonly instant?: InstantFormat | undefined;
}

/** Fields of a payload: those of a transaction, and amounts in whole units. */
export type PayloadField =
  | Exclude<keyof Transaction, 'schema_version'>
  | 'amount'
  | 'billing_amount';

const amounts = {
  amount: { minor: 'amount_minor', currency: 'currency' },
  billing_amount: { minor: 'billing_amount_minor', currency: 'billing_currency' },
} as const;

/** The names that a payload may use. */
export const payloadFields: readonly PayloadField[] = [
  ...transactionFields.filter((name) => name !== 'schema_version'),
  ...(Object.keys(amounts) as (keyof typeof amounts)[]),
];

/** Text fields of so many digits, which may be written as numbers. */
const digitFields: ReadonlyMap<string, number> = new Map([
  ['mcc', 4],
  ['pan_last4', 4],
  ['pos_entry_mode', 3],
  ['eci', 2],
  ['stan', 6],
]);
const numberFields: ReadonlySet<string> = new Set([
  'account_age_days',
  'amount_minor',
  'billing_amount_minor',
]);
/** Every value of the fields that have few. */
const domains: Readonly<Record<string, readonly string[]>> = {
  type: ['purchase', 'refund', 'auth_only', 'cash_advance'],
  channel: ['ecom', 'pos', 'atm', 'moto', 'recurring'],
  card_type: ['credit', 'debit', 'prepaid'],
  card_present: ['true', 'false'],
  three_ds: ['none', 'frictionless', 'challenge', 'failed'],
  avs_result: ['Y', 'A', 'Z', 'N', 'U'],
  cvv_result: ['M', 'N', 'U'],
  currency: [...currencies.keys()],
  billing_currency: [...currencies.keys()],
};
/** The keys of a format of instants. */
export const INSTANT_KEYS = ['as', 'zone', 'origin', 'unit'];
const AMOUNT_KEYS = ['as', 'symbol', 'thousands', 'decimal-separator', 'rounding'];

/** The keys that stand beside `field`. */
export function formatKeys(name: PayloadField): readonly string[] {
  if (name === 'event_time') return ['field', ...INSTANT_KEYS];
  if (name in amounts) return ['field', ...AMOUNT_KEYS];
  return ['field', 'as', 'values', 'default'];
}

/** The format of a field as the keys beside it say; `keys` is undefined for `$field` alone. */
export function fieldFormat(
  name: PayloadField,
  keys: ContractKeys | undefined,
  source: ContractSource,
): FieldFormat {
  if (name === 'event_time') return instantField(keys, source);
  if (name === 'amount' || name === 'billing_amount') return amountField(name, keys, source);
  const values = keys?.get('values');
  if (values) return mappedField(name, keys as ContractKeys, values, source);
  return plainField(name, keys, source);
}

function textOf(keys: ContractKeys | undefined, key: string, source: ContractSource) {
  return keys?.optional(key, (node, what) => source.text(node, what));
}

function instantField(keys: ContractKeys | undefined, source: ContractSource): FieldFormat {
  const format = instantOf(keys, source);
  const [as, zone, origin] = ['as', 'zone', 'origin'].map((key) => textOf(keys, key, source));
  const isOwn = (as ?? 'iso') === 'iso' && zone === undefined && origin === undefined;
  return {
    name: 'event_time',
    target: 'event_time',
    isText: false,
    loss: format.isExact
      ? undefined
      : `event_time is written as ${as ?? 'a number since its origin'}, which does not keep every millisecond`,
    write: isOwn ? ({ event_time }) => event_time : (_, eventAt) => format.write(eventAt),
    read: (value, found) => {
      if (isOwn && typeof value === 'string' && !Number.isNaN(instantMs(value))) {
        found.event_time = value;
        return undefined;
      }
      const epochMs = format.read(value);
      if (epochMs instanceof UnreadableValue) return epochMs.reason;
      found.event_time = new Date(epochMs).toISOString();
      return undefined;
    },
    instant: format,
  };
}

/** The format of instants that the keys of a mapping state. */
export function instantOf(keys: ContractKeys | undefined, source: ContractSource): InstantFormat {
  const [as, zone, origin, unit] = INSTANT_KEYS.map((key) => textOf(keys, key, source));
  const line = keys?.lineOf(origin === undefined ? 'as' : 'origin') ?? 1;
  return source.at(line, () => instantFormat({ as, zone, origin, unit }));
}

function amountField(
  name: keyof typeof amounts,
  keys: ContractKeys | undefined,
  source: ContractSource,
): FieldFormat {
  const words = ['number', 'decimal', 'minor'] as const;
  const as = keys?.optional('as', (node, what) => source.word(node, what, words)) ?? 'number';
  const [symbol, thousands, decimalSeparator, rounding] = AMOUNT_KEYS.slice(1).map((key) =>
    textOf(keys, key, source),
  );
  const spec = { as, symbol, thousands, decimalSeparator, rounding };
  const format = source.at(keys?.line ?? 1, () =>
    amountFormat(spec as Parameters<typeof amountFormat>[0]),
  );
  const { minor, currency } = amounts[name];
  const [unitsOf, codeOf] = [fieldReaders[minor], fieldReaders[currency]];
  return {
    name,
    target: minor,
    isText: false,
    loss: undefined,
    write: (transaction) => {
      const [units, code] = [unitsOf(transaction), codeOf(transaction)];
      if (units === null || units === undefined || !code) return null;
      return format.write(units, code) ?? null;
    },
    read: (value, found) => {
      const units = format.read(value, found[currency]);
      if (units instanceof UnreadableValue) return units.reason;
      found[minor] = units;
      return undefined;
    },
  };
}

function mappedField(
  name: Exclude<PayloadField, 'event_time' | keyof typeof amounts>,
  keys: ContractKeys,
  values: ContractNode,
  source: ContractSource,
): FieldFormat {
  const valueIn: (transaction: Transaction) => FieldValue | undefined = fieldReaders[name];
  const written = new Map(
    source
      .map(values, '"values"')
      .entries.map(({ key, node }) => [key, constantOf(node, name, source)]),
  );
  const given = keys.get('default');
  const otherwise = given && source.text(given, '"default"');
  const pairs = new Map([...written].reverse().map(([ours, theirs]) => [String(theirs), ours]));
  const map = source.at(values.line, () =>
    valueMap({ values: [...pairs].reverse(), default: otherwise }),
  );
  return {
    name,
    target: name,
    isText: false,
    loss: lossOf(name, new Map([...written].map(([ours, theirs]) => [ours, String(theirs)]))),
    write: (transaction) => {
      const value = valueIn(transaction);
      if (value === null || value === undefined) return null;
      return written.get(String(value)) ?? value;
    },
    read: (value, found) => {
      const ours = map.read(value);
      if (!(ours instanceof UnreadableValue)) return setField(name, ours, found);
      // A value without a counterpart is written as it is, and read so, unless it stands for another.
      if (typeof value !== 'string' || written.has(value) || name === 'card_present')
        return ours.reason;
      return setField(name, value, found);
    },
  };
}

function constantOf(
  node: ContractNode,
  name: string,
  source: ContractSource,
): string | number | boolean {
  if (node.kind === 'scalar' && node.value !== null) return node.value;
  throw source.refused(
    node.line,
    `what stands for a value of ${name} must be a text, a number, true or false`,
  );
}

/** What is written for one value can be another value, which has no counterpart and is written as it is. */
function lossOf(name: string, written: ReadonlyMap<string, string>): string | undefined {
  const domain = domains[name];
  const unknown = [...written.keys()].find((ours) => domain && !domain.includes(ours));
  if (unknown !== undefined) return `${name} is never "${unknown}"`;
  if (!domain) return `${name} can have a value that is written as another`;
  const theirs = domain.map((ours) => written.get(ours) ?? ours);
  const twice = theirs.find((their, index) => theirs.indexOf(their) < index);
  return twice === undefined ? undefined : `"${twice}" is written for two values of ${name}`;
}

function setField(name: string, value: unknown, found: FoundFields): string | undefined {
  if (name === 'card_present' && typeof value === 'string') {
    if (value !== 'true' && value !== 'false') return 'must be true or false';
    found[name] = value === 'true';
    return undefined;
  }
  found[name] = numberFields.has(name) && typeof value === 'string' ? wholeOf(value) : value;
  return undefined;
}

function wholeOf(text: string): unknown {
  return /^\d{1,16}$/.test(text) ? Number(text) : text;
}

function plainField(
  name: Exclude<PayloadField, 'event_time' | keyof typeof amounts>,
  keys: ContractKeys | undefined,
  source: ContractSource,
): FieldFormat {
  const as = keys?.optional('as', (node, what) => source.word(node, what, ['text', 'number']));
  const digits = digitFields.get(name);
  const isNumber = numberFields.has(name);
  if (as === 'number' && digits === undefined && !isNumber) {
    throw source.refused(
      keys?.lineOf('as') ?? 1,
      `${name} is a text and cannot be written as a number: leave out "as"`,
    );
  }
  const base = { name, target: name, loss: undefined };
  const valueIn: (transaction: Transaction) => FieldValue | undefined = fieldReaders[name];
  if (as === 'number' && digits !== undefined) {
    return {
      ...base,
      isText: false,
      write: (transaction) => {
        const value = valueIn(transaction);
        return value === null || value === undefined ? null : Number(value);
      },
      read: (value, found) => {
        const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
        if (!/^\d+$/.test(text) || text.length > digits)
          return `must be a number of ${digits} digits`;
        found[name] = text.padStart(digits, '0');
        return undefined;
      },
    };
  }
  const isQuoted = as === 'text' && (isNumber || name === 'card_present');
  return {
    ...base,
    isText: !isNumber && name !== 'card_present',
    write: isQuoted
      ? (transaction) => {
          const value = valueIn(transaction);
          return value === null || value === undefined ? null : String(value);
        }
      : valueIn,
    read: (value, found) => setField(name, value, found),
  };
}
