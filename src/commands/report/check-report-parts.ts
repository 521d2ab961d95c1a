import { FraudstreamError } from '../../errors.ts';
import type { ReportDocument } from '../../report/document/report-document.ts';
import { runsOf } from '../../report/merge/merge-rules.ts';

/** A report, and the file that it came from. */
export interface ReportPart {
  readonly path: string;
  readonly document: ReportDocument;
}

/**
 * Makes sure that reports are parts of one load: of one command, and none of them twice.
 *
 * Errors: `bad-data` with the files that do not go together.
 */
export function checkParts(parts: readonly ReportPart[]): void {
  const [first, ...others] = parts;
  if (!first || others.length === 0) return;
  const { command } = first.document;
  const other = others.find(({ document }) => document.command !== command);
  if (other) {
    const commands = `${first.path} is of "${command}", ${other.path} of "${other.document.command}"`;
    throw new FraudstreamError('bad-data', `${commands}: only parts of one load can be merged.`);
  }
  const search = parts.find(({ document }) => document.search);
  if (search) {
    const message = `${search.path} is of a search: capacities of several machines do not add up. Give one, or compare two with --baseline.`;
    throw new FraudstreamError('bad-data', message);
  }
  checkTwice(parts);
}

/** Errors: `usage` for a form in which this report would be empty. */
export function checkForms({ search }: ReportDocument, paths: readonly string[]): void {
  const path = paths.find((one) => /\.hlog$/i.test(one));
  if (!search || path === undefined) return;
  const message = `${path}: a search has no histograms of latencies. Write it as .json, .html, .md, .xml, .csv, .prom or .emf.`;
  throw new FraudstreamError('usage', message);
}

function checkTwice(parts: readonly ReportPart[]): void {
  const seen = new Map<string, string>();
  for (const { path, document } of parts) {
    for (const run of runsOf(document)) {
      const before = seen.get(run);
      if (before !== undefined) {
        const message = `${before} and ${path} have the same run: it would count twice. Leave one out.`;
        throw new FraudstreamError('bad-data', message);
      }
      seen.set(run, path);
    }
  }
}
