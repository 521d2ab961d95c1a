import { createHash } from 'node:crypto';
import type { ReportDocument } from '../document/report-document.ts';

/** Digits that tell runs apart. */
const DIGITS = 16;

/**
 * By what the runs are known that a report is of: one for a report of one run, those of its parts for a merged one.
 *
 * A run is its instant, its configuration and its figures. What was judged since, by other limits or
 * against a baseline, makes no other run of it.
 */
export function runsOf(document: ReportDocument): readonly string[] {
  const { outcome: _, limits: __, comparison: ___, merged, ...run } = document;
  if (merged?.runs) return merged.runs;
  return [createHash('sha256').update(JSON.stringify(run)).digest('hex').slice(0, DIGITS)];
}
