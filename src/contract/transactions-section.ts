import { currencies } from '../transactions/currency.ts';
import { type Transaction, transactionFields } from '../transactions/transaction.ts';
import type { ContractKeys, ContractNode, ContractSource } from './contract-node.ts';
import type { FakerValues } from './payload/faker-values.ts';
import { INSTANT_KEYS, instantOf } from './payload/field-format.ts';
import { codecForm } from './payload/payload-form.ts';
import {
  type FieldAtPath,
  fieldsByPath,
  type PayloadTemplate,
  template,
} from './payload/template.ts';
import type { PayloadCodec } from './payload-codec.ts';
import { checkDistinct, codecKeys, pointerOf, separatorOf } from './section-keys.ts';
import {
  formOf,
  type PartitionKey,
  pointerText,
  type RawPlaces,
  TransactionContract,
  type TransactionFormat,
  type TransactionSettings,
  type TruthPlaces,
} from './transactions-contract.ts';
import type { Pointer } from './values/pointer.ts';

const FORMATS = ['json', 'csv', 'avro', 'protobuf', 'raw'] as const;
const KEYS = ['format', 'payload', 'partition-key', 'constants', 'truth', 'absent', 'separator'];
const RAW_KEYS = ['format', 'id', 'event-time', 'partition-key', 'truth', 'separator'];
const PAYLOAD_EXAMPLE = 'payload: { id: $transaction_id }';
const defaultFraud = ['1', 'true', 'yes', 'y', 'fraud'];
const defaultGenuine = ['0', 'false', 'no', 'n', 'genuine', 'legit'];

/** The `transactions` of a contract. Errors: `bad-config` by line. */
export function transactionsOf(
  node: ContractNode,
  codec: PayloadCodec | undefined,
  fakers: FakerValues,
  source: ContractSource,
): TransactionContract {
  const format = formatIn(node, source);
  if (format === 'raw') return rawOf(node, source);
  const isCodec = format === 'avro' || format === 'protobuf';
  const known = isCodec ? [...KEYS, ...codecKeys] : KEYS;
  const keys = source.keys(node, '"transactions"', known);
  const payload = keys.needed('payload', PAYLOAD_EXAMPLE);
  const shape = template(payload, fakers, source);
  if (shape.kind !== 'object')
    throw source.refused(payload.line, '"payload" must be a mapping with at least one $field');
  if (format === 'csv') checkColumns(shape, source);
  const fieldPaths = fieldsByPath(shape);
  if (!fieldPaths.some(({ field }) => field.name === 'transaction_id')) {
    throw source.refused(
      payload.line,
      'the payload has no $transaction_id, by which verdicts are matched: write it where the id is',
    );
  }
  const settings: TransactionSettings = {
    format,
    shape,
    raw: undefined,
    codec,
    separator: separatorOf(keys, source),
    omitsNull:
      keys.optional('absent', (each, what) => source.word(each, what, ['null', 'omit'])) === 'omit',
    partitionKey: partitionKeyOf(keys, shape, fieldPaths, source),
    constants: constantsOf(keys, fieldPaths, source),
    truth: truthOf(keys, fieldPaths, source),
  };
  const columns = format === 'csv' ? shape.members.map(({ key }) => key) : undefined;
  const form = formOf({ ...settings, codec: codec && codecForm(codec) }, columns);
  return new TransactionContract(settings, form, columns);
}

/** The format of a section, asked for before its other keys: they depend on it. */
function formatIn(node: ContractNode, source: ContractSource): TransactionFormat {
  const { entries } = source.map(node, '"transactions"');
  const entry = entries.find(({ key }) => key === 'format');
  return entry ? source.word(entry.node, '"format"', FORMATS) : 'json';
}

/** A payload of CSV has single values only. */
function checkColumns(
  shape: PayloadTemplate & { readonly kind: 'object' },
  source: ContractSource,
): void {
  for (const { key, line, template: column } of shape.members) {
    const isNested =
      column.kind === 'object' ||
      column.kind === 'list' ||
      (column.kind === 'constant' && column.node.kind !== 'scalar');
    if (isNested)
      throw source.refused(line, `the column "${key}" of a CSV payload must be a single value`);
  }
}

function rawOf(node: ContractNode, source: ContractSource): TransactionContract {
  const keys = source.keys(node, '"transactions" of format raw', RAW_KEYS);
  const at = (key: string): Pointer =>
    pointerOf(keys.needed(key, `${key}: /path/to/it`), `"${key}"`, source);
  const timeNode = keys.needed('event-time', 'event-time: { at: /ts, as: epoch-milliseconds }');
  const timeKeys =
    timeNode.kind === 'map'
      ? source.keys(timeNode, '"event-time"', ['at', ...INSTANT_KEYS])
      : undefined;
  const timeAt = timeKeys ? timeKeys.needed('at', 'at: /ts') : timeNode;
  const raw: RawPlaces = {
    id: at('id'),
    eventTime: pointerOf(timeAt, '"event-time"', source),
    time: instantOf(timeKeys, source),
    partitionKey: at('partition-key'),
  };
  const truth = truthOf(keys, [], source);
  checkDistinct(
    [
      ['id', raw.id, keys.lineOf('id')],
      ['event-time', raw.eventTime, keys.lineOf('event-time')],
      ['truth', truth?.isFraud, keys.lineOf('truth')],
    ],
    source,
  );
  const settings: TransactionSettings = {
    format: 'raw',
    shape: undefined,
    raw,
    codec: undefined,
    separator: separatorOf(keys, source),
    omitsNull: false,
    partitionKey: { constant: '' },
    constants: {},
    truth,
  };
  return new TransactionContract(
    settings,
    formOf({ ...settings, codec: undefined }, undefined),
    undefined,
  );
}

function partitionKeyOf(
  keys: ContractKeys,
  shape: PayloadTemplate,
  fieldPaths: readonly FieldAtPath[],
  source: ContractSource,
): PartitionKey {
  const node = keys.get('partition-key');
  if (!node) return { field: 'card_id' };
  const text = source.text(node, '"partition-key"');
  if (text.startsWith('$')) {
    return {
      field: source.word(
        { ...node, text: text.slice(1) } as ContractNode,
        '"partition-key"',
        transactionFields,
      ),
    };
  }
  if (!text.startsWith('/')) return { constant: text };
  const found = fieldPaths.find(({ steps }) => pointerText(steps) === text);
  if (found) return { field: found.field.target };
  const places = fieldPaths.map(({ steps }) => pointerText(steps));
  const isThere = hasValue(shape, text.slice(1).split('/'));
  const reason = isThere
    ? 'which is not a field of a transaction'
    : 'which the payload does not have';
  throw source.refused(
    node.line,
    `"partition-key" is ${text}, ${reason}: write a field such as $card_id, or one of ${places.join(', ')}`,
  );
}

function hasValue(shape: PayloadTemplate, [step, ...rest]: readonly string[]): boolean {
  if (step === undefined) return true;
  if (shape.kind !== 'object') return false;
  const member = shape.members.find(({ key }) => key === step);
  return member !== undefined && hasValue(member.template, rest);
}

/** Fields that the payload does not have, and that are the same in all its records. */
function constantsOf(
  keys: ContractKeys,
  fieldPaths: readonly FieldAtPath[],
  source: ContractSource,
): Readonly<Record<string, unknown>> {
  const node = keys.get('constants');
  if (!node) return {};
  const known = transactionFields.filter((name) => name !== 'schema_version');
  const given = source.keys(node, '"constants"', known);
  return Object.fromEntries(
    known.flatMap((name): [keyof Transaction, unknown][] => {
      const value = given.get(name);
      if (!value) return [];
      if (fieldPaths.some(({ field }) => field.target === name)) {
        throw source.refused(
          value.line,
          `${name} is both a constant and a field of the payload: leave one of them out`,
        );
      }
      if (value.kind !== 'scalar' || value.value === null) {
        throw source.refused(value.line, `the constant ${name} must be a single value`);
      }
      if (name === 'currency' && !currencies.has(value.text)) {
        throw source.refused(
          value.line,
          `the constant currency is "${value.text}", which is not a currency code of ISO 4217`,
        );
      }
      const isText = ![
        'account_age_days',
        'amount_minor',
        'billing_amount_minor',
        'card_present',
      ].includes(name);
      return [[name, isText ? value.text : value.value]];
    }),
  );
}

function truthOf(
  keys: ContractKeys,
  fieldPaths: readonly FieldAtPath[],
  source: ContractSource,
): TruthPlaces | undefined {
  const node = keys.get('truth');
  if (!node) return undefined;
  const isShort = node.kind !== 'map';
  const said = isShort
    ? undefined
    : source.keys(node, '"truth"', ['at', 'fraud', 'genuine', 'scenario', 'reported-at']);
  const isFraud = pointerOf(said ? said.needed('at', 'at: /isFraud') : node, '"truth"', source);
  const taken = fieldPaths.find(
    ({ steps }) => pointerText(steps) === isFraud.text || steps.join('.') === isFraud.text,
  );
  if (taken) {
    throw source.refused(
      node.line,
      `the truth and ${taken.field.name} are both at ${isFraud.text}: give each its own path`,
    );
  }
  const texts = (key: string, given: readonly string[]): ReadonlySet<string> => {
    const found = said?.optional(key, (each, what) => source.scalars(each, what));
    return new Set(found ? found.map(({ text }) => text.toLowerCase()) : given);
  };
  const fraud = texts('fraud', defaultFraud);
  const genuine = texts('genuine', defaultGenuine);
  const both = [...fraud].find((text) => genuine.has(text));
  if (both !== undefined)
    throw source.refused(node.line, `"${both}" is among "fraud" and among "genuine"`);
  return {
    isFraud,
    fraud,
    genuine,
    scenario: said?.optional('scenario', (each, what) => pointerOf(each, what, source)),
    reportedAt: said?.optional('reported-at', (each, what) => {
      const inner =
        each.kind === 'map' ? source.keys(each, what, ['at', ...INSTANT_KEYS]) : undefined;
      const at = inner ? inner.needed('at', 'at: /reportedAt') : each;
      return { at: pointerOf(at, what, source), format: instantOf(inner, source) };
    }),
  };
}
