import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FraudstreamError } from '../errors.ts';

/** Whose past a feature reads: that of one key, or of none. */
export type FeatureKey = 'none' | 'card' | 'ip' | 'merchant' | 'terminal';

/** A feature as the manifest defines it. `window_ms` is null where it looks at no span of time. */
export interface FeatureDefinition {
  readonly name: string;
  readonly key: FeatureKey;
  readonly window_ms: number | null;
  readonly unit: string;
  readonly missing: string;
  readonly formula: string;
}

/**
 * What defines the features, for every implementation: fixtures/features/manifest.json.
 *
 * Shapes: `rings` records kept of a key: transactions, or days; `positions` unit vectors of the middles of countries.
 */
export interface Manifest {
  readonly horizon_ms: number;
  /** A fraud is reported so long after its transaction that younger ones say nothing yet. */
  readonly label_delay_ms: number;
  readonly day_windows: readonly number[];
  /** What is believed of a merchant or terminal of which nothing is known. */
  readonly risk_prior: { readonly frauds: number; readonly transactions: number };
  readonly kept_days: Readonly<Record<Exclude<FeatureKey, 'none'>, number>>;
  readonly rings: Readonly<Record<RingName, number>>;
  readonly earth_radius_km: number;
  readonly codes: Readonly<Record<string, readonly string[]>>;
  readonly minor_per_usd: Readonly<Record<string, number>>;
  readonly utc_offset_minutes: Readonly<Record<string, number>>;
  readonly features: readonly FeatureDefinition[];
  readonly positions: Readonly<Record<string, readonly [number, number, number]>>;
}

/** The rings of records that are kept of keys. */
type RingName =
  | 'card'
  | 'card_days'
  | 'ip'
  | 'ip_days'
  | 'merchant'
  | 'merchant_refunds'
  | 'merchant_round'
  | 'merchant_days'
  | 'merchant_reports'
  | 'terminal_days'
  | 'terminal_reports';

const path = join(import.meta.dirname, '..', '..', 'fixtures', 'features', 'manifest.json');
const bytes = bytesOf(path);

/** The definitions of this version. */
export const manifest: Manifest = JSON.parse(bytes.toString('utf8'));

/** Names one set of definitions: 16 hexadecimal digits of the SHA-256 of the manifest. */
export const featureSpecification: string = createHash('sha256')
  .update(bytes)
  .digest('hex')
  .slice(0, 16);

/** The names of the features, in the order of the model. */
export const featureNames: readonly string[] = manifest.features.map(({ name }) => name);

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const message = `The definitions of the features cannot be read from ${path}. Install fraudstream again.`;
    throw new FraudstreamError('no-input', message, { cause });
  }
}

/** What a model says of the features that it was trained on. */
interface FeaturesOfModel {
  readonly featureNames: readonly string[];
  readonly featureSpecification: string | undefined;
}

/**
 * Returns where columns are not the features of a model: the first difference of names or order. `undefined` where
 * they are the same, or the model was trained without names (XGBoost then writes `f0`, `f1`, ...).
 */
export function featureDifference(
  columns: readonly string[],
  model: readonly string[],
): string | undefined {
  if (columns.length === model.length && model.every((name, at) => name === `f${at}`)) {
    return undefined;
  }
  const most = Math.max(columns.length, model.length);
  for (let at = 0; at < most; at += 1) {
    const [column, feature] = [columns[at], model[at]];
    if (column === feature) continue;
    if (feature === undefined)
      return `the model has ${model.length} features, and ${column} is one more`;
    if (column === undefined)
      return `the model has ${model.length} features, and ${feature} is missing`;
    return `feature ${at + 1} is ${column}, and of the model ${feature}`;
  }
  return undefined;
}

/** Returns why a model cannot score the features of this version: other names, another order, other definitions. */
export function computedDifference({
  featureNames: names,
  featureSpecification: specification,
}: FeaturesOfModel): string | undefined {
  const difference = featureDifference(featureNames, names);
  if (difference !== undefined) return difference;
  if (specification === undefined || specification === featureSpecification) return undefined;
  return `the model was trained on features of the specification ${specification}, and those of this version are of ${featureSpecification}`;
}

/**
 * Returns why rows in the order of the manifest would be scored wrongly without notice: the model has the same
 * features in another order. `undefined` for a model of other features, whose rows come from elsewhere.
 */
export function misorderedFeature(names: readonly string[]): string | undefined {
  const hasAll =
    names.length === featureNames.length && featureNames.every((name) => names.includes(name));
  return hasAll ? featureDifference(featureNames, names) : undefined;
}
