import { isDeepStrictEqual } from 'node:util';
import { snakeCased } from '../../metrics/snake-case.ts';
import type { ReportedSetting } from '../document/report-document.ts';
import { type ReportDocument, SCHEMA_VERSION } from '../document/report-document.ts';
import {
  correlations,
  countries,
  deliveries,
  endToEnds,
  generators,
  parities,
  pauses,
  qualities,
  qualitiesOfScored,
  rates,
  reconciliations,
  scenarios,
  scorings,
  series,
  stages,
  suspects,
} from './merge-figures.ts';
import { byKey, endings, most, runsOf, sum, tallies } from './merge-rules.ts';
import { findingKinds, joined, validationWarnings } from './merge-validation.ts';
import { identitiesOf, misfitsOf, sources } from './part-identity.ts';

type Sections = Omit<
  ReportDocument,
  'schema_version' | 'command' | 'merged' | 'outcome' | 'thresholds'
>;
/** Undefined where the parts do not fit together. */
type SectionMerge<T> = (parts: readonly T[]) => T | undefined;

/** How each section merges. Those that are not here stay if all reports agree. */
const merges: { readonly [Key in keyof Sections]?: SectionMerge<NonNullable<Sections[Key]>> } = {
  started_at: (instants) => [...instants].sort()[0] as string,
  configuration: byKey(({ name }) => name, settingOf),
  ended_by: endings,
  source: sources,
  rates,
  delivery: deliveries,
  scoring: scorings,
  correlation: correlations,
  reconciliation: reconciliations,
  latency: endToEnds,
  series,
  stages,
  unscored_by_kind: tallies,
  rejects_by_reason: tallies,
  foreign_rejects: sum,
  repeated_rejects: sum,
  read_errors: tallies,
  unread_verdicts: sum,
  redelivered_records: sum,
  backlog_records: sum,
  out_of_range_verdicts: sum,
  out_of_range_rejects: sum,
  undelivered_verdicts: sum,
  quality: qualities,
  scenarios,
  suspects,
  countries,
  parity: parities,
  generator: generators,
  pauses,
  drain_ms: most,
  records: sum,
  valid: sum,
  invalid: sum,
  errors: sum,
  findings_omitted: sum,
  files: joined,
  findings: joined,
  by_reason: findingKinds,
  warnings: validationWarnings,
};

/**
 * Merges reports of runs that were made at the same time, as the parts of one load.
 *
 * Equals the report that one process would have written of everything: rates add up, percentiles come from
 * merged histograms, verdict quality from counted scores. `thresholds` and `outcome` are not
 * merged: they are evaluated again. Sections that differ and do not merge are left out, and named.
 */
export function mergedDocument(documents: readonly ReportDocument[]): ReportDocument {
  const [head] = documents;
  if (documents.length === 1 && head) return head;
  const leftOut = new Set(documents.flatMap(({ merged }) => merged?.left_out ?? []));
  const sections: Record<string, unknown> = {};
  for (const name of new Set(documents.flatMap((document) => Object.keys(document)))) {
    if (EVALUATED_AGAIN.has(name)) continue;
    const value = together(name, documents);
    if (value === undefined) leftOut.add(name);
    else sections[name] = snakeCased(value);
  }
  const parts = documents.flatMap(identitiesOf);
  const misfits = misfitsOf(parts);
  return {
    schema_version: SCHEMA_VERSION,
    command: head?.command ?? 'report',
    merged: {
      reports: sum(documents.map(({ merged }) => merged?.reports ?? 1)),
      left_out: [...leftOut].sort(),
      runs: documents.flatMap(runsOf),
      ...(parts.length > 0 && { parts }),
      ...(misfits.length > 0 && { misfits }),
    },
    ...sections,
  };
}

const EVALUATED_AGAIN: ReadonlySet<string> = new Set([
  'schema_version',
  'command',
  'merged',
  'outcome',
  'thresholds',
]);

/** Sections that are made of what another one counts. */
const madeOfOthers: Readonly<Record<string, readonly [of: string, merge: unknown]>> = {
  quality_of_scored: ['quality', qualitiesOfScored],
};

/** One section of all documents that have it. */
function together(name: string, documents: readonly ReportDocument[]): unknown {
  const own = (merges as Readonly<Record<string, unknown>>)[name];
  const [source, merge] = (madeOfOthers[name] ?? [name, own]) as [
    string,
    SectionMerge<unknown> | undefined,
  ];
  const parts = documents.flatMap((document) => sectionOf(document, source));
  if (merge) return parts.length > 0 ? merge(parts) : null;
  return parts.every((part) => isDeepStrictEqual(part, parts[0])) ? parts[0] : undefined;
}

function sectionOf(document: ReportDocument, name: string): readonly unknown[] {
  const value = (document as unknown as Readonly<Record<string, unknown>>)[name];
  return value === undefined || value === null ? [] : [value];
}

/** One setting of several reports: what they agree in, else all that they say. */
function settingOf(same: readonly ReportedSetting[]): ReportedSetting {
  const all = (key: keyof ReportedSetting): string =>
    [...new Set(same.map((setting) => setting[key]))].join(' | ');
  return { name: all('name'), value: all('value'), source: all('source') };
}
