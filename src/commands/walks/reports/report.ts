import { type ExitCode, exitCodes, strongest } from '../../../exit-codes.ts';
import { colours } from '../../../reporting/colours.ts';
import { outcomeOf } from '../../../reporting/document/outcome.ts';
import {
  type ReportDocument,
  SCHEMA_VERSION,
} from '../../../reporting/document/report-document.ts';
import { limitText } from '../../../reporting/limit-text.ts';
import { jsonLine } from '../../../reporting/printable.ts';
import { snakeCased } from '../../../reporting/snake-case.ts';
import type { Outside, Writer } from '../../outside.ts';
import { stoppedBy } from './ended-by.ts';
import { judged, type LimitValues } from './limits.ts';
import { saveReports } from './report-files.ts';

/** What the flags say about the report. */
export interface ReportValues {
  readonly output: 'human' | 'json' | 'ndjson';
  readonly report: readonly string[];
}

/**
 * Writes the report: to stdout in the form asked for, and to each `--report` file by its ending.
 *
 * With `ndjson` stdout belongs to the records, and the report for people goes to stderr. The exit code is
 * what the limits of `--fail-if` say about the figures, or that a file could not be written.
 */
export async function writeReport(
  command: string,
  figures: object,
  text: readonly string[],
  { output, report: paths, failIf = [] }: ReportValues & Partial<LimitValues>,
  outside: Pick<Outside, 'out' | 'err' | 'about' | 'stoppedBy' | 'secrets'>,
): Promise<ExitCode> {
  const { out, err, about, stoppedBy: signal, secrets } = outside;
  const limits = judged(failIf, figures);
  const told = limits.length > 0 ? { ...figures, limits } : figures;
  const head = { schemaVersion: SCHEMA_VERSION, command, toolVersion: about?.version };
  const origin = { environment: about?.environment, configuration: about?.configuration };
  const endedBy = stoppedBy(signal?.());
  const figured = withOutcome(snakeCased({ ...head, endedBy, ...told, ...origin }));
  const document = secrets.redactedTexts(figured);
  const saved = await saveReports(document, paths, err, () =>
    output === 'json'
      ? out.write(jsonLine(document))
      : tell([...text, ...limitText(limits)], output === 'ndjson' ? err : out),
  );
  const isCrossed = limits.some(({ holds }) => holds);
  return strongest(saved, isCrossed ? exitCodes.thresholdCrossed : exitCodes.held);
}

/** The first line is the title. */
export async function tell([title = '', ...lines]: readonly string[], to: Writer): Promise<void> {
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
