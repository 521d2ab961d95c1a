import { featureNames } from '../features/manifest.ts';
import { type ContractNode, type ContractSource, likely } from './contract-node.ts';
import { parseDecimal } from './values/decimal.ts';
import { type Pointer, readAt } from './values/pointer.ts';
import { UnreadableValue } from './values/unreadable-value.ts';

/** Where the features stand from which a score was made: all of them at one pointer, or some by their names. */
export type VerdictFeatures =
  | { readonly at: Pointer }
  | { readonly byName: ReadonlyMap<string, Pointer> };

/**
 * Reads `features` of a contract: `/features`, a list in the order of the features or an object by their names; or
 * `{ amount: /f/amt }`, each by a pointer.
 *
 * Errors: `bad-config` by line for a feature that there is not.
 */
export function verdictFeatures(
  node: ContractNode,
  at: (node: ContractNode, what: string) => Pointer,
  source: ContractSource,
): VerdictFeatures {
  if (node.kind !== 'map') return { at: at(node, '"features"') };
  const pairs = node.entries.map(({ key, line, node: place }) => {
    if (featureNames.includes(key)) return [key, at(place, `the feature "${key}"`)] as const;
    const near = likely(key, featureNames);
    const hint = near === undefined ? '' : `: did you mean "${near}"?`;
    throw source.refused(line, `"features" has no "${key}"${hint}`);
  });
  const places = new Map(pairs);
  const inOrder = featureNames.filter((name) => places.has(name));
  return { byName: new Map(inOrder.map((name) => [name, places.get(name) as Pointer])) };
}

/** Each pointer with the name of what stands there, and its line. */
export function featurePlaces(
  features: VerdictFeatures | undefined,
  line: number,
): readonly (readonly [string, Pointer | undefined, number])[] {
  if (!features) return [];
  if ('at' in features) return [['features', features.at, line]];
  return [...features.byName].map(([name, at]) => [`the feature ${name}`, at, line]);
}

/** The features of a verdict in their order, null where missing; `undefined` without any. */
export function featuresIn(
  places: VerdictFeatures,
  value: unknown,
): readonly (number | null)[] | undefined | UnreadableValue {
  const found = 'at' in places ? listed(readAt(places.at, value)) : named(places.byName, value);
  const features = found?.map(featureOf);
  const odd = features?.find((each) => each instanceof UnreadableValue);
  return odd ?? (features as readonly (number | null)[] | undefined);
}

function listed(seen: unknown): readonly unknown[] | undefined {
  if (Array.isArray(seen)) return seen;
  if (typeof seen !== 'object' || seen === null) return seen ? [seen] : undefined;
  const given = seen as Readonly<Record<string, unknown>>;
  return featureNames.map((name) => (Object.hasOwn(given, name) ? given[name] : null));
}

function named(
  places: ReadonlyMap<string, Pointer>,
  value: unknown,
): readonly unknown[] | undefined {
  const seen = featureNames.map((name) => {
    const at = places.get(name);
    return at && readAt(at, value);
  });
  return seen.some((each) => each !== undefined && each !== '') ? seen : undefined;
}

function featureOf(seen: unknown): number | null | UnreadableValue {
  if (seen === undefined || seen === null || seen === '') return null;
  if (typeof seen === 'number' || typeof seen === 'bigint') return Number(seen);
  if (typeof seen === 'string' && parseDecimal(seen)) return Number(seen);
  return new UnreadableValue('must be numbers, null where missing (features)');
}
