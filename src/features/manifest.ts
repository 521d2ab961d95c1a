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

/**
 * Returns why rows in the order of the manifest cannot be scored by a model of these features: it has the same
 * names in another order. `undefined` for any other model.
 */
export function misorderedFeature(names: readonly string[]): string | undefined {
  const at = featureNames.findIndex((name, index) => name !== names[index]);
  const hasAll =
    names.length === featureNames.length && featureNames.every((name) => names.includes(name));
  if (at < 0 || !hasAll) return undefined;
  return `feature ${at} of the model is ${names[at]}, of fixtures/features/manifest.json ${featureNames[at]}`;
}
