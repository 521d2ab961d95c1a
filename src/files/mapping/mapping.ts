import { FraudstreamError } from '../../errors.ts';
import { truthFields } from '../../transactions/label.ts';
import { transactionFields } from '../../transactions/transaction.ts';

/**
 * How the columns of a foreign file become the fields of a transaction.
 *
 * `columns` and `constants` are by field; `amount` and `billing_amount` are decimals in whole units of
 * their currency (12.50) and become minor units. `timeFormat` is `iso`, `epoch-seconds`,
 * `epoch-milliseconds`, `epoch-microseconds`, or tokens of Luxon such as `dd.MM.yyyy HH:mm`; `zone` an IANA
 * time zone for instants that name none. `fraud` and `genuine` are the texts that a label can be.
 */
export interface Mapping {
  readonly columns: Readonly<Record<string, string>>;
  readonly constants: Readonly<Record<string, string>>;
  readonly timeFormat: string;
  readonly zone: string;
  readonly fraud: readonly string[];
  readonly genuine: readonly string[];
}

/** Amounts in whole units, by the field they become. */
export const decimalAmounts: Readonly<Record<string, { minor: string; currency: string }>> = {
  amount: { minor: 'amount_minor', currency: 'currency' },
  billing_amount: { minor: 'billing_amount_minor', currency: 'billing_currency' },
};

/** All that a mapping can set. */
export const mappedFields: readonly string[] = [
  ...transactionFields,
  ...truthFields,
  ...Object.keys(decimalAmounts),
];

/** A mapping where nothing else is said. */
export const plainMapping: Mapping = {
  columns: {},
  constants: {},
  timeFormat: 'iso',
  zone: 'UTC',
  fraud: ['1', 'true', 'yes', 'y', 'fraud'],
  genuine: ['0', 'false', 'no', 'n', 'genuine', 'legit'],
};

/** Columns that are named like fields, as our own CSV and Parquet files have them. */
export const ownColumns: Mapping = {
  ...plainMapping,
  columns: Object.fromEntries(
    [...transactionFields, ...truthFields].map((field) => [field, field]),
  ),
};

/** The mapping, if it makes transactions. Errors: `bad-config` for a field that is unknown or lacking. */
export function checkedMapping(mapping: Mapping): Mapping {
  const given = [...Object.keys(mapping.columns), ...Object.keys(mapping.constants)];
  const unknown = given.find((field) => !mappedFields.includes(field));
  if (unknown !== undefined) {
    throw badMapping(`sets "${unknown}", which is no field. Fields are ${mappedFields.join(', ')}`);
  }
  const twice = given.find((field, place) => given.indexOf(field) !== place);
  if (twice !== undefined) throw badMapping(`sets ${twice} from a column and to a constant`);
  for (const [needed, other] of [
    ['event_time'],
    ['card_id'],
    ['currency'],
    ['amount_minor', 'amount'],
  ]) {
    if (needed === undefined || given.includes(needed)) continue;
    if (other !== undefined && given.includes(other)) continue;
    throw badMapping(`lacks ${other ?? needed}: a transaction needs it`);
  }
  return mapping;
}

function badMapping(what: string): FraudstreamError {
  return new FraudstreamError('bad-config', `The mapping ${what}.`);
}
