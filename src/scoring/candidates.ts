import { FraudstreamError } from '../errors.ts';
import { type Label, labelIn } from '../transactions/label.ts';
import type { Candidate } from '../transactions/scoring-outcome.ts';
import type { Transaction } from '../transactions/transaction.ts';
import type { Due, UserRecord } from '../transactions/user-record.ts';

/**
 * Writes features as JSON has them, null where missing, into a row of float32 from an index on.
 *
 * One by one: `Float32Array.from` takes twenty times as long for lists that hold null.
 */
export function fillRow(
  row: Float32Array,
  from: number,
  features: readonly (number | null)[],
): void {
  for (let column = 0; column < features.length; column += 1) {
    row[from + column] = features[column] ?? Number.NaN;
  }
}

/** The row of features as JSON has them. */
export function rowOf(features: readonly (number | null)[]): Float32Array {
  const row = new Float32Array(features.length);
  fillRow(row, 0, features);
  return row;
}

/** Computes the features of the next transaction, and learns from its label where there is one. */
export interface Featurizer {
  readonly width: number;
  row(transaction: Transaction, label: Label | undefined, out: Float32Array, offset: number): void;
}

/** Where the features of a transaction come from, given what its bytes say and its label. */
export type FeaturesOf = (
  parsed: Readonly<Record<string, unknown>>,
  label: Label | undefined,
) => Float32Array | undefined;

/** A record, with what was parsed of it when its file was read. */
export type Sourced = UserRecord & {
  readonly transaction?: Transaction | undefined;
  readonly label?: Label | undefined;
  /** Of a generated record in our own form: what its bytes say, so that they need not be parsed. */
  readonly writtenFrom?: Transaction | undefined;
  /** Its bytes are not in our own form, and are not read. */
  readonly isForeign?: boolean | undefined;
  /** Of a record in another form, in which it cannot be looked for. */
  readonly merchantCountry?: string | undefined;
};

/** None: the endpoint gets the transaction as it is. */
export const rawTransaction: FeaturesOf = () => undefined;

/** True for features as a record may bring them along: an array of numbers, null where missing. */
export function isFeatureRow(features: unknown): features is readonly (number | null)[] {
  return (
    Array.isArray(features) &&
    features.length > 0 &&
    features.every((feature) => feature === null || typeof feature === 'number')
  );
}

/** Those that the record brings along. Errors: throws `bad-data` for one that its reader should have refused. */
export const givenFeatures: FeaturesOf = ({ features, transaction_id: id }) => {
  if (isFeatureRow(features)) return rowOf(features);
  throw new FraudstreamError('bad-data', `Transaction ${id} brings no features along.`);
};

/** Those that are computed here, transaction by transaction in the order in which they come. */
export function computedFeatures(featurizer: Featurizer): FeaturesOf {
  return (parsed, label) => {
    const features = new Float32Array(featurizer.width);
    // Whoever read the record has checked that it is a transaction.
    featurizer.row(parsed as Transaction & Readonly<Record<string, unknown>>, label, features, 0);
    return features;
  };
}

/** So few are prepared at a time that the answers which come meanwhile do not wait for long. */
const PREPARED_AT_ONCE = 16;

/** Records as candidates before they are due: the instant that they are due is left to sending. */
export async function* preparedCandidates(
  groups: Iterable<readonly Sourced[]> | AsyncIterable<readonly Sourced[]>,
  featuresOf: FeaturesOf,
): AsyncGenerator<readonly Candidate[], void, undefined> {
  for await (const group of groups) {
    for (let from = 0; from < group.length; from += PREPARED_AT_ONCE) {
      const records = group.slice(from, from + PREPARED_AT_ONCE);
      yield records.map((record) => candidateOf(record, featuresOf));
    }
  }
}

/** The same, each due as soon as it can be sent. */
export async function* unscheduled<T>(
  groups: AsyncIterable<readonly Due<T>[]>,
): AsyncGenerator<readonly Due<T>[], void, undefined> {
  for await (const group of groups) {
    yield group.map(({ record }) => ({ dueAt: Number.NaN, record }));
  }
}

/**
 * Records that are due as candidates, each still due when it was, or without a pace as soon as it can be sent.
 *
 * For records that say when they became due, which those of `preparedCandidates` cannot.
 */
export async function* candidates(
  groups: AsyncIterable<readonly Due<Sourced>[]>,
  featuresOf: FeaturesOf,
  isPaced: boolean,
): AsyncGenerator<readonly Due<Candidate>[], void, undefined> {
  for await (const group of groups) {
    yield group.map(({ dueAt, record }) => ({
      dueAt: isPaced ? dueAt : Number.NaN,
      record: candidateOf(record, featuresOf),
    }));
  }
}

/** The candidate that a record with a transaction in JSON is. */
export function candidateOf(
  { partitionKey, data, label, isForeign, transaction, writtenFrom }: Sourced,
  featuresOf: FeaturesOf,
): Candidate {
  if (isForeign && transaction) {
    return candidateFrom({ ...transaction }, partitionKey, data, featuresOf, label);
  }
  if (writtenFrom) {
    // Its fields are getters, which copying would lose.
    const fields = writtenFrom as Transaction & Readonly<Record<string, unknown>>;
    return candidateFrom(fields, partitionKey, data, featuresOf, label);
  }
  const text = Buffer.from(data.buffer, data.byteOffset, data.length).toString('utf8');
  return candidateFrom(JSON.parse(text), partitionKey, data, featuresOf, label);
}

/** The candidate that a parsed transaction is; its label may also stand in its own fields. */
export function candidateFrom(
  parsed: Readonly<Record<string, unknown>>,
  cardId: string,
  data: Uint8Array,
  featuresOf: FeaturesOf,
  given?: Label | undefined,
): Candidate {
  const id = String(parsed.transaction_id);
  const eventTime = String(parsed.event_time);
  const label = given ?? labelIn(parsed, named(parsed, id));
  const features = featuresOf(parsed, label);
  return { id, cardId, eventTime, data, features, isFraud: label?.is_fraud };
}

/** What a label of the transaction names. */
function named(
  { merchant_id: merchant, terminal_id: terminal }: Readonly<Record<string, unknown>>,
  id: string,
): Omit<Label, 'is_fraud'> {
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return { transaction_id: id, merchant_id: text(merchant), terminal_id: text(terminal) };
}
