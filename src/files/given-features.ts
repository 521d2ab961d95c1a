import { FraudstreamError } from '../errors.ts';
import { featureDifference } from '../features/manifest.ts';
import { isFeatureRow } from '../scoring/candidates.ts';
import { instantMs } from '../transactions/instant.ts';
import { type Label, labelIn } from '../transactions/label.ts';
import { identityColumns, isFeatureColumn } from './feature-rows.ts';
import { type InputRow, type RowFault, shown } from './reading/row.ts';
import type { Recorded } from './recorded.ts';

/** Features that records bring along; `names` are those of the model, in its order, where it is known. */
export interface GivenFeatures {
  readonly names: readonly string[] | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** The field that holds all features of a transaction. */
const ARRAY = 'features';

/** The fault of a record that should bring the array `features` along, if it has one. */
export function givenFault({ features }: Fields, { names }: GivenFeatures): RowFault | undefined {
  const [field, value] = [ARRAY, shown(features)];
  if (!isFeatureRow(features)) {
    const reason = 'must be an array of numbers, null where one is missing (--features given)';
    return { field, value, reason };
  }
  if (names === undefined || names.length === features.length) return undefined;
  const reason = `must have ${names.length} numbers, as the model has features; it has ${features.length}`;
  return { field, value, reason };
}

/**
 * Reads the rows that `fraudstream features` writes: columns that identify a transaction, its features, its truth.
 *
 * The record of a row has them as the array `features`. Errors: throws `bad-data` for columns that are not those of the
 * model.
 */
export class FeatureColumns {
  readonly #file: string;
  readonly #given: GivenFeatures;
  #names: readonly string[] | undefined;
  /** A table of transactions with their features in one column. */
  #hasArray = false;

  /** `file` is what it is called in errors. */
  constructor(file: string, given: GivenFeatures) {
    this.#file = file;
    this.#given = given;
  }

  /** Sees the columns before any row. */
  readonly judge = (columns: readonly string[]): void => {
    this.#hasArray = columns.includes(ARRAY);
    if (this.#hasArray) return;
    const lacking = identityColumns.filter((name) => !columns.includes(name));
    const names = columns.filter(isFeatureColumn);
    const seen = `it begins with ${columns.slice(0, 5).join(', ')}`;
    if (lacking.length > 0) throw this.#bad(`has no column ${lacking.join(', ')}: ${seen}`);
    if (names.length === 0) throw this.#bad(`has no column of a feature: ${seen}`);
    const difference = this.#given.names && featureDifference(names, this.#given.names);
    if (difference !== undefined)
      throw this.#bad(`has other columns than the model: ${difference}`);
    this.#names = names;
  };

  /** True for a row of columns; else it is a transaction that brings its features as an array. */
  areIn({ value, cells }: InputRow): boolean {
    if (cells !== undefined) return !this.#hasArray;
    const fields = Object(value) as Fields;
    return !Object.hasOwn(fields, 'schema_version') && !Object.hasOwn(fields, ARRAY);
  }

  /** The record of a row; the columns of JSON are those of the first one. */
  record(row: InputRow): Recorded | { readonly fault: RowFault } {
    if (row.fault) return { fault: row.fault };
    const value = Object(row.value) as Fields;
    const isTable = row.cells !== undefined;
    if (this.#names === undefined) this.judge(Object.keys(value));
    const names = this.#names ?? [];
    const features: (number | null)[] = [];
    for (const name of names) {
      if (!isTable && !Object.hasOwn(value, name)) {
        const reason = 'is required: null where it is missing, as in the first row';
        return { fault: { field: name, value: undefined, reason } };
      }
      const feature = numberOf(value[name]);
      if (feature === undefined) return faultOf(name, value[name], 'must be a number, or empty');
      features.push(feature);
    }
    return recordOf(value, features);
  }

  #bad(what: string): FraudstreamError {
    const advice = 'Give what `fraudstream features` writes.';
    return new FraudstreamError('bad-data', `${this.#file} ${what}. ${advice}`);
  }
}

function recordOf(value: Fields, features: readonly (number | null)[]) {
  const [id, card, time] = ['transaction_id', 'card_id', 'event_time'].map((name) =>
    String(value[name] ?? ''),
  ) as [string, string, string];
  if (id === '') return faultOf('transaction_id', value.transaction_id, 'is required');
  if (card === '') return faultOf('card_id', value.card_id, 'is required');
  const eventAt = instantMs(time);
  if (Number.isNaN(eventAt)) {
    return faultOf(
      'event_time',
      value.event_time,
      'must be an instant, such as 2026-01-31T12:00:00Z',
    );
  }
  const label = labelOf(value, id);
  if (label === null) return faultOf('is_fraud', value.is_fraud, 'must be 0, 1 or empty');
  const line = { transaction_id: id, event_time: time, card_id: card, features };
  return {
    ...{ id, partitionKey: card, data: Buffer.from(JSON.stringify(line)), eventAt },
    ...{ transaction: undefined, label, arrivedAt: undefined },
  };
}

/** `null` for a label that is none, `undefined` for none at all. */
function labelOf(value: Fields, id: string): Label | undefined | null {
  const { is_fraud: given, fraud_scenario } = value;
  const number = typeof given === 'boolean' ? Number(given) : numberOf(given);
  if (number === null) return undefined;
  if (number !== 0 && number !== 1) return null;
  return labelIn({ fraud_scenario, is_fraud: number === 1 }, { transaction_id: id });
}

/** A number, `null` for none, `undefined` for what is no number. */
function numberOf(value: unknown): number | null | undefined {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'number') return numberIn(value);
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' || Number.isNaN(Number(text)) ? undefined : numberIn(Number(text));
}

/** A column of floats has NaN where a value is missing. */
function numberIn(number: number): number | null | undefined {
  if (Number.isNaN(number)) return null;
  return Number.isFinite(number) ? number : undefined;
}

function faultOf(field: string, value: unknown, reason: string): { readonly fault: RowFault } {
  return { fault: { field, value: shown(value), reason } };
}
