import type { Snaked } from '../../metrics/snake-case.ts';
import type { FindingCount } from '../../metrics/validation.ts';
import type { ValidationWarnings } from '../document/report-document.ts';
import { any, byKey, first, type MergeRules, merged, most, sum } from './merge-rules.ts';

type Kind = Snaked<FindingCount>;

const kind: MergeRules<Kind> = { field: first, reason: first, count: sum, first_at: first };

const kindsByName = byKey<Kind>(
  ({ field, reason }) => JSON.stringify([field, reason]),
  (same) => merged(kind, same),
);

/** Kinds of error of all parts, the most frequent first. */
export function findingKinds(lists: readonly (readonly Kind[])[]): readonly Kind[] {
  return [...kindsByName(lists)].sort((a, b) => b.count - a.count);
}

export function joined<T>(lists: readonly (readonly T[])[]): readonly T[] {
  return lists.flat();
}

const warning: MergeRules<ValidationWarnings> = {
  duplicates: sum,
  out_of_order: sum,
  back_ms: most,
  unknown_fields: byKey(
    ({ field }) => field,
    (same) => ({ field: same[0]?.field ?? '', count: sum(same.map(({ count }) => count)) }),
  ),
  is_incomplete: any,
};

export function validationWarnings(parts: readonly ValidationWarnings[]): ValidationWarnings {
  return merged(warning, parts);
}
