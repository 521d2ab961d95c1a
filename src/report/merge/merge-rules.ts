import { createHash } from 'node:crypto';
import { type ExitCode, strongest } from '../../exit-codes.ts';
import { type LatencySummary, mergedLatency } from '../../metrics/latency.ts';
import { type Snaked, snaked } from '../../metrics/snake-case.ts';
import { type CodeCount, Tally } from '../../metrics/tally.ts';
import { per } from '../../text/format.ts';
import type { EndedBy, ReportDocument } from '../document/report-document.ts';

/** Merges what ended parts early; the strongest exit code counts. */
export function endings(parts: readonly EndedBy[]): EndedBy {
  const codes = parts.map(({ exit_code: code }) => code as ExitCode);
  const reasons = new Set(parts.map(({ reason }) => reason));
  return { exit_code: strongest(...codes), reason: [...reasons].join('; ') };
}

/** Hexadecimal digits of a run's id. */
const DIGITS = 16;

/**
 * Returns the ids of the runs in a report: one, or those of all parts of a merged report.
 *
 * An id is a hash of the start, the configuration and the figures. Thresholds and a baseline that were
 * applied later do not change it, and neither does the schema version (merged reports of version 1
 * have ids made with it).
 */
export function runsOf(document: ReportDocument): readonly string[] {
  const { outcome: _, thresholds: __, comparison: ___, merged, ...run } = document;
  if (merged?.runs) return merged.runs;
  return [
    createHash('sha256')
      .update(JSON.stringify({ ...run, schema_version: 1 }))
      .digest('hex')
      .slice(0, DIGITS),
  ];
}

/** Ids that are named in a report; the rest is counted. */
const IDS_NAMED = 10;

export function latencies(parts: readonly Snaked<LatencySummary>[]): Snaked<LatencySummary> {
  const known = parts.map(({ histogram, max_ms: maxMs }) => ({ histogram, maxMs }));
  return snaked(mergedLatency(known));
}

export function tallies(lists: readonly (readonly CodeCount[])[]): readonly CodeCount[] {
  const tally = new Tally();
  for (const { code, count } of lists.flat()) tally.add(code, count);
  return tally.summary();
}

export function namedIds(lists: readonly (readonly string[])[]): readonly string[] {
  return lists.flat().slice(0, IDS_NAMED);
}

/** Rule that merges one field of several records. */
export type MergeRule<T, Key extends keyof T> = (
  values: readonly T[Key][],
  parts: readonly T[],
) => T[Key];

/** A rule for each field: the compiler says when one is missing. */
export type MergeRules<T> = { readonly [Key in keyof T]-?: MergeRule<T, Key> };

/** Merges records by rules; there is at least one. */
export function merged<T extends object>(rules: MergeRules<T>, parts: readonly T[]): T {
  const keys = Object.keys(rules) as (keyof T)[];
  const fields = keys
    .filter((key) => parts.some((part) => part[key] !== undefined))
    .map(
      (key) =>
        [
          key,
          rules[key](
            parts.map((part) => part[key]),
            parts,
          ),
        ] as const,
    );
  return Object.fromEntries(fields) as T;
}

/** Null counts as nothing. */
export function sum(values: readonly (number | null | undefined)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}

/** What was measured of the values of a field: NaN and null are not there. */
function measured(values: readonly (number | null | undefined)[]): readonly number[] {
  return values.filter(
    (value): value is number => typeof value === 'number' && !Number.isNaN(value),
  );
}

/** Of nothing that was measured it is NaN, as are the next ones. */
export function most(values: readonly (number | null)[]): number {
  return measured(values).reduce((a, b) => (a > b ? a : b), Number.NaN);
}

export function least(values: readonly (number | null)[]): number {
  return measured(values).reduce((a, b) => (a < b ? a : b), Number.NaN);
}

/** The sum of what was measured. */
export function sumMeasured(values: readonly (number | null)[]): number {
  const known = measured(values);
  return known.length > 0 ? sum(known) : Number.NaN;
}

export function any(values: readonly boolean[]): boolean {
  return values.includes(true);
}

/** What the reports must have in common to be merged at all, or do not differ in. */
export function first<T>(values: readonly T[]): T {
  return values[0] as T;
}

/** Returns a rule: the sum of `key` by the seconds of the longest part. */
export function perSecond<Key extends string>(
  key: Key,
): (
  values: readonly number[],
  parts: readonly (Readonly<Record<Key, number>> & { readonly duration_seconds: number })[],
) => number {
  return (_, parts) => {
    const seconds = most(parts.map((part) => part.duration_seconds));
    return per(sum(parts.map((part) => part[key])), seconds);
  };
}

/** Returns a rule: a mean, weighted by another field. */
export function mean<Key extends string>(
  weight: Key,
): (values: readonly number[], parts: readonly Readonly<Record<Key, number>>[]) => number {
  return (values, parts) => {
    // A part in which nothing was measured has no weight either.
    const weights = parts.map((part) => part[weight] || 0);
    return per(sum(values.map((value, at) => (value || 0) * (weights[at] ?? 0))), sum(weights));
  };
}

/** Records with the same name become one; the others stay. */
export function byKey<T>(
  nameOf: (item: T) => string,
  join: (same: readonly T[]) => T,
): (lists: readonly (readonly T[])[]) => readonly T[] {
  return (lists) => {
    const groups = new Map<string, T[]>();
    for (const item of lists.flat()) {
      const name = nameOf(item);
      groups.set(name, [...(groups.get(name) ?? []), item]);
    }
    return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, same]) => join(same));
  };
}
