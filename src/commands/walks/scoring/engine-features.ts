import { type FeaturesOf, givenFeatures, rawTransaction } from '../../../scoring/candidates.ts';
import type { ScoreValues } from './score-values.ts';

/** The features of an engine, with a state that outlives it. */
export interface EngineFeatures {
  readonly of: FeaturesOf;
  /** The state as bytes; nothing where there is none. */
  snapshot(): Uint8Array | undefined;
}

/** The features of the flags, in the state that a checkpoint kept. */
export async function engineFeatures(
  { features }: Pick<ScoreValues, 'features'>,
  _state: Uint8Array | undefined,
): Promise<EngineFeatures> {
  return { of: features === 'raw' ? rawTransaction : givenFeatures, snapshot: () => undefined };
}
