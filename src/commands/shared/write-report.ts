import { reportError } from '../../cli/report-error.ts';
import type { Runtime, Writer } from '../../cli/runtime.ts';
import type { Values } from '../../cli/settings/define-setting.ts';
import { FraudstreamError, messageOf } from '../../errors.ts';
import {
  type ExitCode,
  exitCodes,
  type StopSignal,
  stopSignals,
  strongest,
} from '../../exit-codes.ts';
import { snakeCased, snaked } from '../../metrics/snake-case.ts';
import { outcomeOf } from '../../report/document/outcome.ts';
import { type ReportDocument, SCHEMA_VERSION } from '../../report/document/report-document.ts';
import { colours } from '../../report/text/layout.ts';
import { thresholdText } from '../../report/text/report-text.ts';
import { writeFileAtomically } from '../../storage/output-file.ts';
import { jsonLine } from '../../text/printable.ts';
import type { outputSettings } from './flags/common-flags.ts';
import { type ThresholdValues, thresholdResults } from './thresholds.ts';

/**
 * Writes a report to files, each in the form of its ending, and after `print` says which failed.
 *
 * A file that cannot be written takes nothing from the others; the exit code is then that of `usage`.
 */
export async function saveReports(
  document: ReportDocument,
  paths: readonly string[],
  err: Writer,
  print: () => Promise<void>,
): Promise<ExitCode> {
  const failures: string[] = [];
  for (const path of paths) {
    const failure = await saved(document, path);
    if (failure !== undefined) failures.push(failure);
  }
  await print();
  if (failures.length === 0) return exitCodes.ok;
  return reportError(new FraudstreamError('usage', failures), err);
}

/** Why a report was not written. */
async function saved(document: ReportDocument, path: string): Promise<string | undefined> {
  const { renderingFor } = await import('../../report/export/export-formats.ts');
  const { reportPageParts } = await import('../../report/html/page-assets.ts');
  const text = renderingFor(path)?.(document, reportPageParts);
  if (text === undefined) return undefined;
  try {
    await writeFileAtomically(path, text);
    return undefined;
  } catch (cause) {
    return `The report ${messageOf(cause)}`;
  }
}

/** What ended a run before its end, as its report says it. */
export interface EndedEarly {
  readonly exitCode: ExitCode;
  readonly reason: string;
}

/** The end of a run that could not go on. */
export function brokenBy(error: unknown): EndedEarly {
  const exitCode = error instanceof FraudstreamError ? error.exitCode : exitCodes.bug;
  return { exitCode, reason: messageOf(error) };
}

/** The end of a run that a signal stopped. */
export function stoppedBy(signal: StopSignal | undefined): EndedEarly | undefined {
  if (signal === undefined) return undefined;
  const name = signal === 'SIGINT' ? 'Ctrl-C (SIGINT)' : signal;
  return { exitCode: stopSignals[signal], reason: `stopped by ${name}` };
}

/** The flags of the report. */
export type ReportValues = Pick<Values<typeof outputSettings>, 'output' | 'report'>;

/**
 * Writes the report: to stdout in the form asked for, and to each `--report` file by its ending.
 *
 * With `ndjson` stdout belongs to the records, and the report for people goes to stderr. The exit code is
 * what the thresholds give, or that a file could not be written.
 */
export async function writeReport(
  command: string,
  figures: object,
  text: readonly string[],
  { output, report: paths, failIf = [], require = [] }: ReportValues & Partial<ThresholdValues>,
  runtime: Pick<Runtime, 'out' | 'err' | 'about' | 'stoppedBy' | 'secrets' | 'onReport'>,
): Promise<ExitCode> {
  const { out, err, about, stoppedBy: signal, secrets } = runtime;
  const thresholds = thresholdResults([...require, ...failIf], figures);
  const sections = thresholds.length > 0 ? { ...figures, thresholds } : figures;
  const { version: toolVersion, commandLine } = about ?? {};
  const head = { schemaVersion: SCHEMA_VERSION, command, toolVersion, commandLine };
  const origin = { environment: about?.environment, configuration: about?.configuration };
  const endedBy = stoppedBy(signal?.());
  const figured = withOutcome(snakeCased({ ...head, endedBy, ...sections, ...origin }));
  const document = secrets.redactedTexts(figured);
  runtime.onReport?.(document);
  const saved = await saveReports(document, paths, err, () =>
    output === 'json'
      ? out.write(jsonLine(document))
      : writeText_(
          [...text, ...thresholdText(snaked(thresholds))],
          output === 'ndjson' ? err : out,
        ),
  );
  const isCrossed = thresholds.some(({ passed }) => passed === false);
  return strongest(saved, isCrossed ? exitCodes.thresholdCrossed : exitCodes.ok);
}

/** The first line is the title. */
export async function writeText_(
  [title = '', ...lines]: readonly string[],
  to: Writer,
): Promise<void> {
  const [on = '', off = ''] = colours(to.hasColours).heading('|').split('|');
  await Promise.all([to.write(on), to.print(title), to.write(off), to.print(...lines)]);
}

/** A command is judged by what it counted, and by what ended it. */
function withOutcome(report: unknown): ReportDocument {
  const document = report as ReportDocument;
  const { ended_by: ended, delivery, scoring, correlation, invalid, search } = document;
  const isJudged = ended ?? delivery ?? scoring ?? correlation ?? invalid ?? search;
  return isJudged !== undefined ? { ...document, outcome: outcomeOf(document) } : document;
}
