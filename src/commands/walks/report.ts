import { writeFile } from 'node:fs/promises';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { FraudstreamError } from '../../fraudstream-error.ts';
import { colours } from '../../reporting/colours.ts';
import { limitText } from '../../reporting/limit-text.ts';
import { snakeCased } from '../../reporting/snake-case.ts';
import type { Outside, Writer } from '../outside.ts';
import { judged, type LimitValues } from './limits.ts';

/** What the flags say about the report. */
export interface ReportValues {
  readonly output: 'human' | 'json' | 'ndjson';
  readonly report: readonly string[];
}

/** The version of the JSON report; it grows by fields, and changes number when one goes. */
const SCHEMA_VERSION = 1;

/**
 * Writes the report: to stdout in the form asked for, and as JSON to each `--report` file.
 *
 * With `ndjson` stdout belongs to the records, and the report for people goes to stderr. The exit code is
 * what the limits of `--fail-if` say about the figures.
 */
export async function writeReport(
  command: string,
  figures: object,
  text: readonly string[],
  { output, report: paths, failIf = [] }: ReportValues & Partial<LimitValues>,
  { out, err }: Pick<Outside, 'out' | 'err'>,
): Promise<ExitCode> {
  const limits = judged(failIf, figures);
  const told = limits.length > 0 ? { ...figures, limits } : figures;
  const report = snakeCased({ schemaVersion: SCHEMA_VERSION, command, ...told });
  for (const path of paths) await save(path, `${JSON.stringify(report, undefined, 2)}\n`);
  if (output === 'json') await out.write(`${JSON.stringify(report)}\n`);
  else await tell([...text, ...limitText(limits)], output === 'ndjson' ? err : out);
  return limits.some(({ holds }) => holds) ? exitCodes.thresholdCrossed : exitCodes.held;
}

/** The first line is the title. */
async function tell([title = '', ...lines]: readonly string[], to: Writer): Promise<void> {
  const heading = colours(to.hasColours).heading(title);
  await to.write(`${[heading, ...lines].join('\n')}\n`);
}

async function save(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FraudstreamError('usage', `--report ${path} cannot be written: ${reason}.`, {
      cause,
    });
  }
}
