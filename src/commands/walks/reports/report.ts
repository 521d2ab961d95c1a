import { writeFile } from 'node:fs/promises';
import { type ExitCode, exitCodes } from '../../../exit-codes.ts';
import { FraudstreamError } from '../../../fraudstream-error.ts';
import { colours } from '../../../reporting/colours.ts';
import { outcomeOf } from '../../../reporting/document/outcome.ts';
import {
  type ReportDocument,
  SCHEMA_VERSION,
} from '../../../reporting/document/report-document.ts';
import { limitText } from '../../../reporting/limit-text.ts';
import { snakeCased } from '../../../reporting/snake-case.ts';
import type { Outside, Writer } from '../../outside.ts';
import { judged, type LimitValues } from './limits.ts';

/** What the flags say about the report. */
export interface ReportValues {
  readonly output: 'human' | 'json' | 'ndjson';
  readonly report: readonly string[];
}

/**
 * Writes the report: to stdout in the form asked for, and to each `--report` file by its ending.
 *
 * With `ndjson` stdout belongs to the records, and the report for people goes to stderr. The exit code is
 * what the limits of `--fail-if` say about the figures.
 */
export async function writeReport(
  command: string,
  figures: object,
  text: readonly string[],
  { output, report: paths, failIf = [] }: ReportValues & Partial<LimitValues>,
  { out, err, about }: Pick<Outside, 'out' | 'err' | 'about'>,
): Promise<ExitCode> {
  const limits = judged(failIf, figures);
  const told = limits.length > 0 ? { ...figures, limits } : figures;
  const head = { schemaVersion: SCHEMA_VERSION, command, toolVersion: about?.version };
  const origin = { environment: about?.environment, configuration: about?.configuration };
  const document = withOutcome(snakeCased({ ...head, ...told, ...origin }));
  await saveReports(document, paths);
  if (output === 'json') await out.write(`${JSON.stringify(document)}\n`);
  else await tell([...text, ...limitText(limits)], output === 'ndjson' ? err : out);
  return limits.some(({ holds }) => holds) ? exitCodes.thresholdCrossed : exitCodes.held;
}

/** Writes a report to files, each in the form of its ending. Errors: `usage` where one cannot be written. */
export async function saveReports(
  document: ReportDocument,
  paths: readonly string[],
): Promise<void> {
  if (paths.length === 0) return;
  const { renderingFor } = await import('../../../reporting/renderings/rendered.ts');
  const { reportPageParts } = await import('./page-parts.ts');
  for (const path of paths) {
    const rendering = renderingFor(path);
    if (rendering) await save(path, rendering(document, reportPageParts));
  }
}

/** The first line is the title. */
export async function tell([title = '', ...lines]: readonly string[], to: Writer): Promise<void> {
  const heading = colours(to.hasColours).heading(title);
  await to.write(`${[heading, ...lines].join('\n')}\n`);
}

/** A command that does not say how it ended is judged by what it counted. */
function withOutcome(report: unknown): ReportDocument {
  const document = report as ReportDocument;
  const { outcome, delivery, scoring, correlation } = document;
  if (outcome || !(delivery || scoring || correlation)) return document;
  return { ...document, outcome: outcomeOf(document) };
}

async function save(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FraudstreamError('usage', `The report ${path} cannot be written: ${reason}.`, {
      cause,
    });
  }
}
