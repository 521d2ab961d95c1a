import { count } from '../../text/format.ts';
import type { Finding } from '../../transactions/finding.ts';
import type { KeyFigure, ReportDocument } from './report-document.ts';

/** Findings shown to people; the JSON has all that `--max-errors` allows. */
const FINDINGS_SHOWN = 200;

export const findingHeadings: readonly string[] = ['Where', 'field', 'value', 'reason'];
export const kindHeadings: readonly string[] = ['Kind of error', 'count', 'first at'];

/** Returns true for a report of `validate`. */
export function isValidation({ command, findings, by_reason: kinds }: ReportDocument): boolean {
  return command === 'validate' || findings !== undefined || kinds !== undefined;
}

/** Findings with their places, those that make a record invalid first; `rest` are not among them. */
export function findingRows({ findings = [], findings_omitted: omitted = 0 }: ReportDocument): {
  readonly rows: readonly (readonly string[])[];
  readonly rest: number;
} {
  const inOrder = [
    ...findings.filter(({ severity }) => severity === 'error'),
    ...findings.filter(({ severity }) => severity !== 'error'),
  ];
  const shown = inOrder.slice(0, FINDINGS_SHOWN);
  return { rows: shown.map(findingCells), rest: inOrder.length - shown.length + omitted };
}

/** What was not shown, in a sentence; nothing where all was. */
export function restText(rest: number): string {
  return rest > 0 ? `${count(rest)} more findings are only counted.` : '';
}

/** Every kind of error with how often it came: complete, however many findings are listed. */
export function kindRows({
  by_reason: kinds = [],
}: ReportDocument): readonly (readonly string[])[] {
  return kinds.map(({ field, reason, count: times, first_at: firstAt }) => [
    `${field === '' ? 'the line' : field} ${reason}`,
    ...[count(times), firstAt],
  ]);
}

/** The numbers of a validation that are read first. */
export function validationFigures(document: ReportDocument): readonly KeyFigure[] {
  const { records, invalid, errors = 0, files = [] } = document;
  if (!isValidation(document) || records === undefined) return [];
  return [
    {
      name: 'records',
      value: count(records),
      note: files.length === 1 ? 'in 1 file' : `in ${count(files.length)} files`,
    },
    { name: 'invalid', value: count(invalid), note: `${count(errors)} errors` },
  ];
}

function findingCells({ severity, file, line, field, value, reason }: Finding): readonly string[] {
  const what = severity === 'error' ? reason : `${severity}: ${reason}`;
  return [`${file}:${line}`, field === '' ? 'the line' : field, value ?? '–', what];
}
