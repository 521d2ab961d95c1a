import { LabelledFeatures } from '../features/labelled-features.ts';
import { ipRanges } from '../geoip/ip-ranges.ts';
import type { IpSpace } from '../geoip/ip-space.ts';
import {
  computedFeatures,
  type FeaturesOf,
  givenFeatures,
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
  /** Of the model, where it is known and features are given. */
  readonly featureNames?: readonly string[] | undefined;
}

/** Gives each transaction its features, in the order in which transactions are passed. */
export interface FeatureSource {
  readonly of: FeaturesOf;
  /** Adds a label that is known ahead of its transaction. */
  expect(label: Label): void;
  /** Takes a label that comes while transactions are handled, of a stream that may bring it again. */
  learn(label: Label): void;
  /** The state of the features as bytes; `undefined` where they are not computed here. */
  snapshot(): Uint8Array | undefined;
}

/**
 * Opens a source of features, from the `state` of an earlier snapshot, as bytes or restored, where there is one.
 *
 * Errors: `bad-data` for a state of other feature definitions.
 */
export function featureSource(
  { features, ipSpace }: FeatureSettings,
  state?: Uint8Array | LabelledFeatures | undefined,
): FeatureSource {
  if (features !== 'computed') {
    const of = features === 'raw' ? rawTransaction : givenFeatures;
    return { of, expect: () => undefined, learn: () => undefined, snapshot: () => undefined };
  }
  const labelled = labelledFrom(state, ipSpace);
  return {
    of: computedFeatures(labelled),
    expect: (label) => labelled.expect(label),
    learn: (label) => labelled.learn(label),
    snapshot: () => labelled.snapshot(),
  };
}

function labelledFrom(
  state: Uint8Array | LabelledFeatures | undefined,
  ipSpace: IpSpace,
): LabelledFeatures {
  if (state instanceof LabelledFeatures) return state;
  const addresses = ipRanges(ipSpace);
  return state ? LabelledFeatures.restore(state, addresses) : new LabelledFeatures(addresses);
}
