import { LabelledFeatures } from '../features/labelled-features.ts';
import { type RowFault, shown } from '../files/reading/row.ts';
import type { InputSettings } from '../files/recorded-transactions.ts';
import { ipRanges } from '../geoip/ip-ranges.ts';
import type { IpSpace } from '../geoip/ip-space.ts';
import {
  computedFeatures,
  type FeaturesOf,
  givenFeatures,
  isFeatureRow,
  rawTransaction,
} from '../scoring/candidates.ts';
import type { Label } from '../transactions/label.ts';

/**
 * Where features come from: `computed` here, `given` in each record, or `raw`: none, the endpoint
 * gets the transaction itself. `ipSpace` names the address table that computed ones look in.
 */
export interface FeatureSettings {
  readonly features: 'computed' | 'given' | 'raw';
  readonly ipSpace: IpSpace;
}

/** Gives each transaction its features, in the order in which transactions are passed. */
export interface FeatureSource {
  readonly of: FeaturesOf;
  /** Adds a label that is known ahead of its transaction. */
  expect(label: Label): void;
  /** The state of the features as bytes; `undefined` where they are not computed here. */
  snapshot(): Uint8Array | undefined;
}

/**
 * Opens a source of features, from the `state` of an earlier snapshot where there is one.
 *
 * Errors: `bad-data` for a state of other feature definitions.
 */
export function featureSource(
  { features, ipSpace }: FeatureSettings,
  state?: Uint8Array | undefined,
): FeatureSource {
  if (features !== 'computed') {
    const of = features === 'raw' ? rawTransaction : givenFeatures;
    return { of, expect: () => undefined, snapshot: () => undefined };
  }
  const addresses = ipRanges(ipSpace);
  const labelled = state
    ? LabelledFeatures.restore(state, addresses)
    : new LabelledFeatures(addresses);
  return {
    of: computedFeatures(labelled),
    expect: (label) => labelled.expect(label),
    snapshot: () => labelled.snapshot(),
  };
}

/** The fault of a parsed transaction that lacks the features it should bring along, if it does. */
export function missingFeatures(
  { features }: Pick<FeatureSettings, 'features'>,
  parsed: Readonly<Record<string, unknown>>,
): RowFault | undefined {
  const { features: given } = parsed;
  if (features !== 'given' || isFeatureRow(given)) return undefined;
  const reason = 'must be an array of numbers, null where one is missing (--features given)';
  return { field: 'features', value: shown(given), reason };
}

/** The same check for the records of files; `undefined` where no record can lack features. */
export function featureCheck(
  settings: Pick<FeatureSettings, 'features'>,
): InputSettings['missing'] {
  if (settings.features !== 'given') return undefined;
  return ({ data }) => missingFeatures(settings, JSON.parse(Buffer.from(data).toString('utf8')));
}
