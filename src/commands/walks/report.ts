import { appendFile } from 'node:fs/promises';
import { type ExitCode, strongest } from '../../exit-codes.ts';
import { FraudstreamError } from '../../fraudstream-error.ts';
import {
  type Allowance,
  comparison,
  type UnclearName,
  unclearNames,
} from '../../reporting/document/comparison.ts';
import { outcomeOf } from '../../reporting/document/outcome.ts';
import type { ReportDocument } from '../../reporting/document/report-document.ts';
import { figuresOf } from '../../reporting/figures.ts';
import { judge, type Limit } from '../../reporting/limit.ts';
import { mergedDocument } from '../../reporting/merging/merged-document.ts';
import { githubAnnotations } from '../../reporting/renderings/github.ts';
import { markdown } from '../../reporting/renderings/markdown.ts';
import { reportText } from '../../reporting/report-text.ts';
import { readBounded } from '../../stream/read-bounded.ts';
import type { Outside } from '../outside.ts';
import { limitIn } from '../settings/fail-if.ts';
import { checkForms, checkParts, type ReportPart } from './reports/fitting.ts';
import { checkFigures } from './reports/limits.ts';
import { tell } from './reports/report.ts';
import { readDocument } from './reports/report-file.ts';
import { saveReports } from './reports/report-files.ts';

/** Of a report: histograms and series make a few megabytes at most. */
const REPORT_BYTES = 268_435_456;

/** Everything that `report` can be told. */
export interface ReportingValues {
  readonly files: readonly string[];
  readonly to: readonly string[];
  readonly output: 'human' | 'json' | 'github';
  readonly failIf: readonly Limit[];
  readonly baseline: string | undefined;
  readonly limit: readonly Allowance[];
}

/** Reports to one report: merged, judged, compared, rendered. Ends as the result that it tells. */
export async function report(values: ReportingValues, outside: Outside): Promise<ExitCode> {
  const parts: ReportPart[] = [];
  for (const path of values.files) {
    parts.push({ path, document: await readDocument(path, textOf) });
  }
  try {
    return await rendered(parts, values, outside);
  } catch (cause) {
    if (!(cause instanceof TypeError || cause instanceof RangeError)) throw cause;
    const message = `${values.files.join(', ')}: a field is missing or of another type (${cause.message}). Give files that --report x.json wrote, as they are.`;
    throw new FraudstreamError('bad-data', message, { cause });
  }
}

const textOf = async (path: string): Promise<string> =>
  (await readBounded(path, REPORT_BYTES)).toString('utf8');

async function rendered(
  parts: readonly ReportPart[],
  values: ReportingValues,
  outside: Outside,
): Promise<ExitCode> {
  checkParts(parts);
  const documents = parts.map(({ document }) => document);
  const merged = withLimits(mergedDocument(documents), documents, values.failIf);
  checkForms(merged, values.to);
  const compared = await withComparison(merged, values);
  const outcome = outcomeOf(compared);
  const document = { ...compared, outcome: compared.outcome ?? outcome };
  const saved = await saveReports(document, values.to, outside.err, () =>
    write(document, values, outside),
  );
  return strongest(saved, document.outcome.exit_code as ExitCode);
}

/** The limits of all reports and of this command, judged by the figures of their union. */
function withLimits(
  document: ReportDocument,
  documents: readonly ReportDocument[],
  failIf: readonly Limit[],
): ReportDocument {
  checkFigures(failIf, document);
  const told = documents.flatMap(({ limits = [] }) => limits.map(({ expression }) => expression));
  const known = [...new Set(told)].flatMap((expression) => limitIn(expression) ?? []);
  const isNew = ({ expression }: Limit): boolean => !told.includes(expression);
  const all = [...known, ...failIf.filter(isNew)];
  if (documents.length === 1 && failIf.length === 0) return document;
  const { outcome: _, ...rest } = document;
  if (all.length === 0) return rest;
  return {
    ...rest,
    limits: judge(all, figuresOf(rest)).map(({ actual = null, ...one }) => ({ ...one, actual })),
  };
}

async function withComparison(
  document: ReportDocument,
  { baseline, limit }: ReportingValues,
): Promise<ReportDocument> {
  if (baseline === undefined) return document;
  const before = await readDocument(baseline, textOf);
  const [unclear] = unclearNames(document, before, limit);
  if (unclear) throw new FraudstreamError('usage', complaint(unclear));
  const { outcome: _, ...rest } = document;
  return { ...rest, comparison: comparison(document, before, baseline, limit) };
}

function complaint({ name, meant }: UnclearName): string {
  return meant.length > 0
    ? `--limit: "${name}" may mean ${meant.join(', ')}. Write more of its name.`
    : `--limit: not both reports have a figure "${name}". "--to figures.prom", and docs/run.md, name them.`;
}

async function write(
  document: ReportDocument,
  { output }: ReportingValues,
  { out, env }: Outside,
): Promise<void> {
  if (output === 'json') return out.write(`${JSON.stringify(document)}\n`);
  if (output === 'human') return tell(reportText(document), out);
  await out.write(githubAnnotations(document));
  if (env.GITHUB_STEP_SUMMARY) await appendFile(env.GITHUB_STEP_SUMMARY, markdown(document));
}
