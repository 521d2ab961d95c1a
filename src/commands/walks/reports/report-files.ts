import { type ExitCode, exitCodes } from '../../../exit-codes.ts';
import { FraudstreamError } from '../../../fraudstream-error.ts';
import type { ReportDocument } from '../../../reporting/document/report-document.ts';
import { writeFileAtomically } from '../../../storage/output-file.ts';
import { explain } from '../../explain.ts';
import type { Writer } from '../../outside.ts';

/**
 * Writes a report to files, each in the form of its ending, and after `tell` says which failed.
 *
 * A file that cannot be written takes nothing from the others; the exit code is then that of `usage`.
 */
export async function saveReports(
  document: ReportDocument,
  paths: readonly string[],
  err: Writer,
  tell: () => Promise<void>,
): Promise<ExitCode> {
  const failures: string[] = [];
  for (const path of paths) {
    const failure = await saved(document, path);
    if (failure !== undefined) failures.push(failure);
  }
  await tell();
  if (failures.length === 0) return exitCodes.held;
  return explain(new FraudstreamError('usage', failures), err);
}

/** Why a report was not written. */
async function saved(document: ReportDocument, path: string): Promise<string | undefined> {
  const { renderingFor } = await import('../../../reporting/renderings/rendered.ts');
  const { reportPageParts } = await import('./page-parts.ts');
  const text = renderingFor(path)?.(document, reportPageParts);
  if (text === undefined) return undefined;
  try {
    await writeFileAtomically(path, text);
    return undefined;
  } catch (cause) {
    return `The report ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}
