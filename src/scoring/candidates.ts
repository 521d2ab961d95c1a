import { FraudstreamError } from '../fraudstream-error.ts';
import type { Candidate } from '../records/candidate.ts';
import type { Due } from '../records/due.ts';
import type { Label } from '../records/label.ts';
import type { Transaction } from '../records/transaction.ts';
import type { UserRecord } from '../records/user-record.ts';
import { rowOf } from './feature-row.ts';

/** What the scoring wants of the features: the next transaction's, into a place of an array. */
export interface Featurizer {
  readonly width: number;
  row(transaction: Transaction, out: Float32Array, offset: number): void;
}

/** Where the features of a transaction come from, given its bytes and what they say. */
export type FeaturesOf = (parsed: Readonly<Record<string, unknown>>) => Float32Array | undefined;

/** A record, with what reading its file told of it already. */
export type Sourced = UserRecord & {
  readonly transaction?: Transaction | undefined;
  readonly label?: Label | undefined;
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

/** Those that the record brings along. Errors: throws `bad-data` for one that whoever read it should have refused. */
export const givenFeatures: FeaturesOf = ({ features, transaction_id: id }) => {
  if (isFeatureRow(features)) return rowOf(features);
  throw new FraudstreamError('bad-data', `Transaction ${id} brings no features along.`);
};

/** Those that are computed here, transaction by transaction in the order in which they come. */
export function computedFeatures(featurizer: Featurizer): FeaturesOf {
  return (parsed) => {
    const features = new Float32Array(featurizer.width);
    // Whoever read the record has checked that it is a transaction.
    featurizer.row(parsed as unknown as Transaction, features, 0);
    return features;
  };
}

/** Records as candidates, each still due when it was, or without a pace as soon as it can be sent. */
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
  { partitionKey, data, label }: Sourced,
  featuresOf: FeaturesOf,
): Candidate {
  const text = Buffer.from(data.buffer, data.byteOffset, data.length).toString('utf8');
  const candidate = candidateFrom(JSON.parse(text), partitionKey, data, featuresOf);
  return label ? { ...candidate, isFraud: label.is_fraud } : candidate;
}

/** The candidate that a transaction is which has been parsed already. */
export function candidateFrom(
  parsed: Readonly<Record<string, unknown>>,
  cardId: string,
  data: Uint8Array,
  featuresOf: FeaturesOf,
): Candidate {
  const id = String(parsed.transaction_id);
  const eventTime = String(parsed.event_time);
  const isFraud = typeof parsed.is_fraud === 'boolean' ? parsed.is_fraud : undefined;
  return { id, cardId, eventTime, data, features: featuresOf(parsed), isFraud };
}
