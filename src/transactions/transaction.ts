import { currencies } from './currency.ts';
import {
  capitals,
  checker,
  digits,
  digitsOrCapitals,
  exactly,
  type Field,
  instant,
  ipAddress,
  oneOf,
  oneOfNumbers,
  optional,
  type Problem,
  problems,
  required,
  text,
  wholeNumber,
  yesOrNo,
} from './field-checks.ts';
import { instantMsAt } from './instant.ts';
import { scanLine } from './scan-line.ts';
import { textAt } from './scan-value.ts';

const TYPES_OF_VERSION_1 = ['purchase', 'refund', 'auth_only', 'cash_advance'] as const;
const TYPES = [...TYPES_OF_VERSION_1, 'completion', 'reversal', 'verification'] as const;

/**
 * A card transaction as an authorisation system sees it: schema version 1 or 2.
 *
 * Version 2 adds the types `completion`, `reversal` and `verification`, and the fields `cvm` and
 * `original_transaction_id`; a record of version 1 has none of them. Both are read everywhere; the generator
 * writes version 2 (docs/adr/030).
 * Names are those of the wire, so that code, files and features speak one vocabulary.
 * `null` or absent means unknown, and is never invented; generated transactions carry every key.
 * Units: `amount_minor` in minor units of `currency` (JPY has no decimals, KWD three); instants
 * RFC 3339 UTC with milliseconds. `mcc` ISO 18245, countries ISO 3166-1 alpha-2,
 * `pos_entry_mode` and `response_code` fields 22 and 39 of ISO 8583:1987.
 * A full card number exists nowhere: `pan_bin` and `pan_last4` are all there is.
 */
export interface Transaction {
  readonly schema_version: 1 | 2;
  readonly transaction_id: string;
  readonly event_time: string;
  readonly type?: (typeof TYPES)[number] | null;
  readonly channel?: 'ecom' | 'pos' | 'atm' | 'moto' | 'recurring' | null;
  readonly card_id: string;
  readonly pan_bin?: string | null;
  readonly pan_last4?: string | null;
  readonly card_brand?: string | null;
  readonly card_type?: 'credit' | 'debit' | 'prepaid' | null;
  readonly card_country?: string | null;
  readonly account_age_days?: number | null;
  readonly merchant_id?: string | null;
  readonly merchant_name?: string | null;
  readonly mcc?: string | null;
  readonly merchant_country?: string | null;
  readonly merchant_city?: string | null;
  readonly terminal_id?: string | null;
  readonly amount_minor: number;
  readonly currency: string;
  readonly billing_amount_minor?: number | null;
  readonly billing_currency?: string | null;
  readonly pos_entry_mode?: string | null;
  readonly card_present?: boolean | null;
  readonly source_ip?: string | null;
  readonly device_id?: string | null;
  readonly user_agent_family?: string | null;
  readonly three_ds?: 'none' | 'frictionless' | 'challenge' | 'failed' | null;
  readonly eci?: string | null;
  readonly avs_result?: 'Y' | 'A' | 'Z' | 'N' | 'U' | null;
  readonly cvv_result?: 'M' | 'N' | 'U' | null;
  readonly response_code?: string | null;
  readonly stan?: string | null;
  readonly rrn?: string | null;
  readonly auth_code?: string | null;
  /** How the cardholder was verified at the terminal; `device` is a phone that asked its owner. */
  readonly cvm?: 'none' | 'signature' | 'pin' | 'device' | null;
  /** The transaction that a refund gives back, a completion collects or a reversal releases. */
  readonly original_transaction_id?: string | null;
}

/** ISO 3166-1 alpha-2. */
const country = capitals(2);

/** The fields that only a record of version 2 has. */
const fieldsOfVersion2 = ['cvm', 'original_transaction_id'] as const;
const typesOfVersion2: ReadonlySet<unknown> = new Set(['completion', 'reversal', 'verification']);

/** The version of a record that does not say its own: 2 where it has what version 1 lacks. */
export function schemaVersionOf(fields: Readonly<Record<string, unknown>>): 1 | 2 {
  const isNew = fieldsOfVersion2.some((name) => (fields[name] ?? undefined) !== undefined);
  return isNew || typesOfVersion2.has(fields.type) ? 2 : 1;
}

/** The fields of version 1 in the order of the wire, each with its check. */
const fieldsOfVersion1: Readonly<
  Record<Exclude<keyof Transaction, (typeof fieldsOfVersion2)[number]>, Field>
> = {
  schema_version: required(exactly(1)),
  transaction_id: required(text(64)),
  event_time: required(instant),
  type: optional(oneOf(TYPES_OF_VERSION_1)),
  channel: optional(oneOf(['ecom', 'pos', 'atm', 'moto', 'recurring'])),
  // It becomes the partition key, which takes at most 256 characters.
  card_id: required(text(256)),
  pan_bin: optional(digits(6, 8)),
  pan_last4: optional(digits(4)),
  card_brand: optional(text(32)),
  card_type: optional(oneOf(['credit', 'debit', 'prepaid'])),
  card_country: optional(country),
  account_age_days: optional(wholeNumber),
  merchant_id: optional(text(64)),
  merchant_name: optional(text(256)),
  mcc: optional(digits(4)),
  merchant_country: optional(country),
  merchant_city: optional(text(128)),
  terminal_id: optional(text(64)),
  amount_minor: required(wholeNumber),
  currency: required(oneOf([...currencies.keys()])),
  billing_amount_minor: optional(wholeNumber),
  billing_currency: optional(oneOf([...currencies.keys()])),
  pos_entry_mode: optional(digits(3)),
  card_present: optional(yesOrNo),
  source_ip: optional(ipAddress),
  device_id: optional(text(128)),
  user_agent_family: optional(text(64)),
  three_ds: optional(oneOf(['none', 'frictionless', 'challenge', 'failed'])),
  eci: optional(digits(2)),
  avs_result: optional(oneOf(['Y', 'A', 'Z', 'N', 'U'])),
  cvv_result: optional(oneOf(['M', 'N', 'U'])),
  response_code: optional(digitsOrCapitals(2)),
  stan: optional(digits(6)),
  rrn: optional(digitsOrCapitals(12)),
  auth_code: optional(digitsOrCapitals(6)),
};

/** Those of version 2. */
const fields: Readonly<Record<keyof Transaction, Field>> = {
  ...fieldsOfVersion1,
  schema_version: required(exactly(2)),
  type: optional(oneOf(TYPES)),
  cvm: optional(oneOf(['none', 'signature', 'pin', 'device'])),
  original_transaction_id: optional(text(64)),
};
/** What is no version is refused for that alone. */
const fieldsOfNoVersion = { schema_version: required(oneOfNumbers([1, 2])) };

const checkedVersion1 = checker(fieldsOfVersion1);
const checkedVersion2 = checker(fields);

/** The fields that a value must have: those of the version that it names. */
function fieldsOf(value: unknown): Readonly<Record<string, Field>> {
  const version = versionOf(value);
  if (version === 1) return fieldsOfVersion1;
  // What is no object has no version: any table says so.
  return version === 2 || version === undefined ? fields : fieldsOfNoVersion;
}

function versionOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as { readonly schema_version?: unknown }).schema_version ?? undefined;
}

/** The names of the fields of version 2, in the order of the wire: those of version 1 and, behind them, its own. */
export const transactionFields: readonly (keyof Transaction)[] = Object.keys(
  fields,
) as (keyof Transaction)[];

/** Those of them that are numbers. */
export const numberFields: readonly (keyof Transaction)[] = transactionFields.filter(
  (name) => fields[name].check === wholeNumber,
);

/** Returns the transaction as one line of JSON without its newline, keys in the order of the schema. */
export function transactionLine(transaction: Transaction): string {
  return JSON.stringify(transaction, transactionFields as string[]);
}

/** Returns the transaction in a parsed JSON value, or the first reason why it is none. */
export function parseTransaction(
  value: unknown,
): { readonly transaction: Transaction } | { readonly problem: Problem } {
  const result = checkedOf(value);
  if ('problem' in result) return result;
  // Every field of the record has passed its check.
  return { transaction: result.record as unknown as Transaction };
}

/** Returns every reason why a parsed JSON value is no transaction. */
export function transactionProblems(value: unknown): readonly Problem[] {
  return problems(fieldsOf(value), value);
}

/** Runs for every line that is parsed: no table is made. */
function checkedOf(value: unknown): ReturnType<typeof checkedVersion1> {
  const version = versionOf(value);
  if (version === 1) return checkedVersion1(value);
  if (version === 2) return checkedVersion2(value);
  return { problem: problems(fieldsOf(value), value)[0] as Problem };
}

/** Returns the check of one field: what is wrong with a value that is there, or `undefined`. */
export function transactionFieldFault(field: string): Field['check'] {
  return fields[field as keyof Transaction].check;
}

/** A longer line, which may have been cut, is not looked at. */
const PLAIN_BYTES = 65_536;
const scanVersion1 = scanLine(fieldsOfVersion1);
const scanVersion2 = scanLine(fields);
/** Where the version stands in a line that begins with it. */
const VERSION_OFFSET = '{"schema_version":'.length;
const TWO = 0x32;
const idOffset = 2 * transactionFields.indexOf('transaction_id');
const timeOffset = 2 * transactionFields.indexOf('event_time');
const cardOffset = 2 * transactionFields.indexOf('card_id');

/** Id, card and event time of a scanned line. Units: `eventAt` in epoch milliseconds. */
export interface ScannedLine {
  readonly transactionId: string;
  readonly cardId: string;
  readonly eventAt: number;
  /** Offset behind the last known field, not validated: `}`, or a comma and more. */
  readonly restAt: number;
}

/**
 * Validates a line in its bytes and returns id, card and event time; `undefined` for a line that must be parsed.
 *
 * It takes a fraction of the time that parsing the line does, and every check is made. A line that ends at `restAt` is a
 * transaction and nothing else.
 */
export function scanTransaction(line: Uint8Array): ScannedLine | undefined {
  if (line.length > PLAIN_BYTES) return undefined;
  const offsets = line[VERSION_OFFSET] === TWO ? scanVersion2(line) : scanVersion1(line);
  if (!offsets) return undefined;
  const { values, end } = offsets;
  const textOf = (offset: number): string =>
    textAt(line, values[offset] as number, values[offset + 1] as number);
  return {
    transactionId: textOf(idOffset),
    cardId: textOf(cardOffset),
    eventAt: instantMsAt(line, (values[timeOffset] as number) + 1),
    restAt: end,
  };
}

/** Returns the transaction of a record, parsed already or from its bytes, which were validated before. */
export function transactionIn({
  transaction,
  data,
}: {
  readonly transaction?: Transaction | undefined;
  readonly data: Uint8Array;
}): Transaction {
  if (transaction) return transaction;
  return JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.length).toString('utf8'));
}
