import { type AmountSpec, amountFormat } from '../../contract/values/amount-format.ts';
import { instantFormat } from '../../contract/values/instant-format.ts';
import { parsePointer } from '../../contract/values/pointer.ts';
import { valueMap } from '../../contract/values/value-map.ts';
import { FraudstreamError } from '../../errors.ts';
import { truthFields } from '../../transactions/label.ts';
import { transactionFields } from '../../transactions/transaction.ts';

/** Where a field comes from: columns or paths, and what is done with what stands there. */
export interface FieldSource {
  /** A column, or a path such as `card.id` or `/card/id`; several are joined. */
  readonly from: readonly string[];
  /** Between joined parts: a space in instants, `|` elsewhere, unless given. */
  readonly separator?: string | undefined;
  /** Salted, for numbers that must not leave. */
  readonly hash?: 'sha256' | undefined;
  /** Their values and ours. */
  readonly values?: readonly (readonly [theirs: string, ours: string])[] | undefined;
  /** Ours where theirs is in no pair. */
  readonly default?: string | undefined;
  /** Of an instant, instead of `timeFormat` of the mapping. */
  readonly timeFormat?: string | undefined;
  /** Few rows have it: a file that begins without it is no error. */
  readonly isOptional?: boolean | undefined;
}

/**
 * How the columns of a foreign file become the fields of a transaction.
 *
 * `columns` and `constants` are by field; `amount` and `billing_amount` are in whole units of their currency (12.50) and become minor
 * units. `timeFormat`, `zone`, `origin` and `unit` are those of `InstantSpec`, `amount` those of `AmountSpec`. `fraud` and
 * `genuine` are the texts that a label can be. Units: `reportDelayMs`, from the event to the report of a fraud.
 */
export interface Mapping {
  readonly columns: Readonly<Record<string, FieldSource>>;
  readonly constants: Readonly<Record<string, string>>;
  readonly timeFormat?: string | undefined;
  readonly zone: string;
  readonly origin?: string | undefined;
  readonly unit?: string | undefined;
  readonly amount: Pick<AmountSpec, 'symbol' | 'thousands' | 'decimalSeparator' | 'rounding'>;
  /** An amount below 0: a bad line, a refund, or its absolute value. */
  readonly negative: 'refuse' | 'refund' | 'absolute';
  /** Between the columns of CSV; found from the header unless given. */
  readonly separator?: string | undefined;
  /** A name of the Encoding Standard, such as `latin1`; UTF-8 unless given. */
  readonly encoding?: string | undefined;
  readonly salt?: string | undefined;
  /** An optional field that does not fit: absent and counted, or a bad line. */
  readonly onBadOptional: 'absent' | 'row';
  readonly reportDelayMs: number;
  /** Country of the cards where no column says it. */
  readonly localTimeZone?: string | undefined;
  /** Columns that are sent as they stand, under their own names. */
  readonly passThrough: readonly string[] | 'all';
  readonly fraud: readonly string[];
  readonly genuine: readonly string[];
}

/** Amounts in whole units, by the field they become. */
export const decimalAmounts: Readonly<Record<string, { minor: string; currency: string }>> = {
  amount: { minor: 'amount_minor', currency: 'currency' },
  billing_amount: { minor: 'billing_amount_minor', currency: 'billing_currency' },
};

/** Fields that are instants. */
export const instantFields: ReadonlySet<string> = new Set(['event_time', 'reported_at']);

/** All that a mapping can set. */
export const mappedFields: readonly string[] = [
  ...transactionFields,
  ...truthFields,
  ...Object.keys(decimalAmounts),
];

/** The median of a chargeback. */
export const REPORT_DELAY_MS = 604_800_000;

/** A mapping where nothing else is said. */
export const plainMapping: Mapping = {
  columns: {},
  constants: {},
  zone: 'UTC',
  amount: {},
  negative: 'refuse',
  onBadOptional: 'absent',
  reportDelayMs: REPORT_DELAY_MS,
  passThrough: [],
  fraud: ['1', 'true', 'yes', 'y', 'fraud'],
  genuine: ['0', 'false', 'no', 'n', 'genuine', 'legit'],
};

/** Columns that are named like fields, as our own CSV and Parquet files have them. */
export const ownColumns: Mapping = {
  ...plainMapping,
  onBadOptional: 'row',
  columns: Object.fromEntries(
    [...transactionFields, ...truthFields].map((field) => [field, { from: [field] }]),
  ),
};

/** The mapping, if it makes transactions. Errors: `bad-config` for a field that is unknown or lacking, or a setting that is none. */
export function checkedMapping(mapping: Mapping): Mapping {
  const given = [...Object.keys(mapping.columns), ...Object.keys(mapping.constants)];
  const unknown = given.find((field) => !mappedFields.includes(field));
  if (unknown !== undefined) {
    throw badMapping(
      `sets "${unknown}", which is not a field. Fields are ${mappedFields.join(', ')}`,
    );
  }
  const twice = given.find((field, place) => given.indexOf(field) !== place);
  if (twice !== undefined) throw badMapping(`sets ${twice} from a column and to a constant`);
  checkGiven(given);
  checkSettings(mapping);
  return mapping;
}

/** Refuses an amount that is set twice, and what lacks a field that a transaction needs. */
function checkGiven(given: readonly string[]): void {
  for (const [decimal, { minor }] of Object.entries(decimalAmounts)) {
    if (!given.includes(decimal) || !given.includes(minor)) continue;
    throw badMapping(`sets both ${decimal} and ${minor}, which are the same amount`);
  }
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
}

function checkSettings(mapping: Mapping): void {
  instantFormat(instantSpec(mapping, undefined));
  amountFormat({ as: 'decimal', ...mapping.amount });
  for (const [field, source] of Object.entries(mapping.columns)) {
    source.from.forEach(parsePointer);
    if (source.timeFormat !== undefined) instantFormat(instantSpec(mapping, source));
    if (source.values) valueMap({ values: source.values, default: source.default });
    if (source.hash && mapping.salt === undefined) {
      throw badMapping(
        `hashes ${field} without a salt: a list of all card numbers would reverse it. Set "salt"`,
      );
    }
  }
  const taken =
    mapping.passThrough === 'all'
      ? undefined
      : mapping.passThrough.find(
          (name) => mappedFields.includes(name) || name === 'schema_version',
        );
  if (taken === undefined) return;
  throw badMapping(`passes "${taken}" through, which is the name of a field: map it`);
}

/** How instants of a field are written. */
export function instantSpec(
  { timeFormat, zone, origin, unit }: Mapping,
  source: FieldSource | undefined,
): Parameters<typeof instantFormat>[0] {
  const own = source?.timeFormat;
  return own === undefined ? { as: timeFormat, zone, origin, unit } : { as: own, zone };
}

/** The columns of a table, or the outermost names of paths, that a mapping reads; `undefined` for all of them. */
export function wantedColumns({ columns, passThrough }: Mapping): readonly string[] | undefined {
  if (passThrough === 'all') return undefined;
  const texts = [...Object.values(columns).flatMap(({ from }) => from), ...passThrough];
  const names = texts.flatMap((text) => {
    const { steps, isDotted } = parsePointer(text);
    return isDotted ? [text, steps[0] as string] : steps.slice(0, 1);
  });
  return [...new Set(names)];
}

function badMapping(what: string): FraudstreamError {
  return new FraudstreamError('bad-config', `The mapping ${what}.`);
}
