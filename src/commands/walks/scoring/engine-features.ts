import { ipRanges } from '../../../addresses/ip-ranges.ts';
import { OnlineFeatures } from '../../../features/online-features.ts';
import { computedFeatures, type FeaturesOf } from '../../../scoring/candidates.ts';
import { type FeatureValues, featuresOf } from './chosen.ts';

/** The features of an engine, with a state that outlives it. */
export interface EngineFeatures {
  readonly of: FeaturesOf;
  /** The state as bytes; nothing where there is none. */
  snapshot(): Uint8Array | undefined;
}

/**
 * The features of the flags, in the state that a checkpoint kept.
 *
 * Errors: `bad-data` for a state of other definitions.
 */
export function engineFeatures(
  values: FeatureValues,
  state: Uint8Array | undefined,
): EngineFeatures {
  if (values.features !== 'computed') return { of: featuresOf(values), snapshot: () => undefined };
  const addresses = ipRanges(values.ipSpace);
  const online = state ? OnlineFeatures.restore(state, addresses) : new OnlineFeatures(addresses);
  return { of: computedFeatures(online), snapshot: () => online.snapshot() };
}
