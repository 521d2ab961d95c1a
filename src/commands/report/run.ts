import { appendFile } from 'node:fs/promises';
import type { Runtime } from '../../cli/runtime.ts';
import { FraudstreamError, messageOf } from '../../errors.ts';
import { type ExitCode, strongest } from '../../exit-codes.ts';
import { figuresOf } from '../../metrics/figures.ts';
import { snaked } from '../../metrics/snake-case.ts';
import { evaluateThresholds, type Threshold, thresholdState } from '../../metrics/thresholds.ts';
import { comparison, type UnclearName, unclearNames } from '../../report/document/comparison.ts';
import { outcomeOf } from '../../report/document/outcome.ts';
import type { ReportDocument } from '../../report/document/report-document.ts';

import { shownDocument } from '../../report/document/shown-document.ts';
import { githubAnnotations } from '../../report/export/github.ts';
import { markdown } from '../../report/export/markdown.ts';
import { mergedDocument } from '../../report/merge/merge-reports.ts';
import { readDocument } from '../../report/read-report.ts';
import { reportText } from '../../report/text/report-text.ts';
import { readBounded } from '../../stream/read-bounded.ts';
import { jsonLine } from '../../text/printable.ts';
import { parseThreshold } from '../shared/flags/report-flags.ts';
import { checkFigures, thresholdsOf } from '../shared/thresholds.ts';
import { saveReports, writeText_ } from '../shared/write-report.ts';
import { checkForms, checkParts, type ReportPart } from './check-report-parts.ts';
import type { ReportCommandValues } from './flags.ts';

/** Of a report: histograms and series make a few megabytes at most. */
const REPORT_BYTES = 268_435_456;

/**
 * Reports to one report: merged, judged, compared, rendered. Ends as the result that it tells.
 *
 * Errors: `bad-data` also for a file in which a field is of another type than a report has there.
 */
export async function report(values: ReportCommandValues, runtime: Runtime): Promise<ExitCode> {
  try {
    return await reported(values, runtime);
  } catch (cause) {
    // Everything but reading is arithmetic on what stands in the files.
    if (!(cause instanceof TypeError || cause instanceof RangeError)) throw cause;
    const files = [...values.files, ...(values.baseline === undefined ? [] : [values.baseline])];
    const message = `${files.join(', ')}: a field has an unexpected value (${cause.message}). fixtures/schema/report.schema.json has the types.`;
    throw new FraudstreamError('bad-data', message, { cause });
  }
}

async function reported(values: ReportCommandValues, runtime: Runtime): Promise<ExitCode> {
  const parts: ReportPart[] = [];
  for (const path of values.files) {
    parts.push({ path, document: await readDocument(path, textOf) });
  }
  try {
    return await rendered(parts, values, runtime);
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
  values: ReportCommandValues,
  runtime: Runtime,
): Promise<ExitCode> {
  checkParts(parts);
  const documents = parts.map(({ document }) => document);
  const merged = withThresholds(mergedDocument(documents), documents, thresholdsOf(values));
  checkForms(merged, values.report);
  const compared = await withComparison(merged, values);
  const outcome = outcomeOf(compared);
  const document = runtime.secrets.redactedTexts({
    ...compared,
    outcome: compared.outcome ?? outcome,
  });
  const saved = await saveReports(document, values.report, runtime.err, () =>
    write(document, values, runtime),
  );
  const { exit_code: code } = document.outcome;
  if (!Number.isInteger(code)) throw new TypeError('outcome.exit_code must be an integer');
  return strongest(saved, code as ExitCode);
}

/** Evaluates the thresholds of all reports and of this command against the merged figures. */
function withThresholds(
  document: ReportDocument,
  documents: readonly ReportDocument[],
  failIf: readonly Threshold[],
): ReportDocument {
  checkFigures(failIf, document);
  const conditions = documents.flatMap(({ thresholds = [] }) =>
    thresholds.map(({ condition }) => condition),
  );
  const known = [...new Set(conditions)].flatMap((condition) => parseThreshold(condition) ?? []);
  const isNew = ({ condition }: Threshold): boolean => !conditions.includes(condition);
  const all = [...known, ...failIf.filter(isNew)];
  const { outcome: _, ...rest } = document;
  const thresholds = snaked(evaluateThresholds(all, figuresOf(rest)));
  const isAsSaved =
    documents.length === 1 && failIf.length === 0 && haveSameResults(thresholds, document);
  if (isAsSaved) return document;
  return all.length === 0 ? rest : { ...rest, thresholds };
}

/** Earlier versions evaluated thresholds against zeros that nobody had measured. */
function haveSameResults(
  thresholds: NonNullable<ReportDocument['thresholds']>,
  { thresholds: saved = [] }: ReportDocument,
): boolean {
  const before = new Map(saved.map((one) => [one.condition, thresholdState(one)]));
  return thresholds.every((one) => before.get(one.condition) === thresholdState(one));
}

async function withComparison(
  document: ReportDocument,
  { baseline, allowChange }: ReportCommandValues,
): Promise<ReportDocument> {
  if (baseline === undefined) return document;
  const before = await readDocument(baseline, textOf);
  const [unclear] = unclearNames(document, before, allowChange);
  if (unclear) throw new FraudstreamError('usage', complaint(unclear));
  const { outcome: _, ...rest } = document;
  return { ...rest, comparison: comparison(document, before, baseline, allowChange) };
}

function complaint({ name, candidates }: UnclearName): string {
  return candidates.length > 0
    ? `--allow-change: "${name}" may mean ${candidates.join(', ')}. Write more of its name.`
    : `--allow-change: one of the reports has no figure "${name}". "--report figures.prom", and docs/thresholds.md, list them.`;
}

async function write(
  document: ReportDocument,
  { output }: ReportCommandValues,
  { out, err, env }: Runtime,
): Promise<void> {
  if (output === 'json') return out.write(jsonLine(document));
  if (output === 'human') return writeText_(reportText(shownDocument(document)), out);
  const shown = shownDocument(document);
  await out.print(...githubAnnotations(shown));
  const { GITHUB_STEP_SUMMARY: path } = env;
  if (!path) return;
  try {
    await appendFile(path, markdown(shown));
  } catch (cause) {
    const reason = messageOf(cause);
    // The answer of the report is worth more than its summary.
    await err.print(
      `GITHUB_STEP_SUMMARY ${path} cannot be written: ${reason}. No step summary was written.`,
    );
  }
}
