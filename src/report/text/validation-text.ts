import type { ValidationSummary } from '../../metrics/validation.ts';
import { count, span } from '../../text/format.ts';
import { printable } from '../../text/printable.ts';
import type { Finding } from '../../transactions/finding.ts';

/** `day.ndjson:17: amount_minor must be a whole number, not "12.50"` */
export function findingText({ severity, file, line, field, value, reason }: Finding): string {
  const what = `${field === '' ? 'the line' : field} ${reason}${seen(severity, value)}`;
  return printable(`${file}:${line}: ${severity === 'warning' ? 'warning: ' : ''}${what}`);
}

/**
 * Returns the annotation that GitHub Actions shows at the line: `::error file=day.ndjson,line=17,title=…::…`.
 *
 * Source: GitHub Docs, workflow commands for GitHub Actions; actions/toolkit escapes the same way.
 */
export function annotation(finding: Finding): string {
  const { severity, file, line, field, value, reason } = finding;
  const title = property(`${field === '' ? 'Line' : field} ${reason.replace(/ \(.*/s, '')}`);
  const message = data(`${field === '' ? 'The line' : field} ${reason}${seen(severity, value)}`);
  return printable(`::${severity} file=${property(file)},line=${line},title=${title}::${message}`);
}

function seen(severity: Finding['severity'], value: string | null): string {
  if (value === null) return '';
  return severity === 'error' ? `, not ${value}` : `: ${value}`;
}

/** Text of a workflow command. Source: actions/toolkit, packages/core/src/command.ts. */
export function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

export function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** Warnings between records that the text shows. */
export interface OddityFigures {
  readonly duplicates: number;
  readonly outOfOrder: number;
  readonly backMs: number;
  readonly unknownFields: ReadonlyMap<string, number>;
  readonly isIncomplete: boolean;
}

/** Kinds of error that are shown. */
const MOST_SHOWN = 20;

/** Returns the findings as a few lines; the first is the title. */
export function validationText(
  { records, valid, invalid, files, byReason }: ValidationSummary,
  oddities: readonly OddityFigures[],
  omitted: number,
): readonly string[] {
  const title = `${plural(records, 'record')} in ${plural(files.length, 'file')}: ${count(valid)} valid, ${count(invalid)} invalid`;
  const shown = byReason.slice(0, MOST_SHOWN);
  const more = byReason.length - shown.length;
  const empty = files.filter((file) => file.records === 0).map(({ file }) => file);
  return [
    title,
    ...shown.map(
      ({ count: times, field, reason, firstAt }) =>
        `  ${count(times).padStart(9)}  ${field === '' ? 'lines' : field}: ${reason} (first ${firstAt})`,
    ),
    ...(more > 0 ? [`             and ${plural(more, 'other kind')} of error`] : []),
    ...oddities.flatMap(oddityText),
    ...empty.map((file) => `  Warning    ${file} holds no records`),
    ...(records > 0 && valid === 0 && oddities.some(({ unknownFields }) => unknownFields.size > 0)
      ? ['  Hint       a file with other columns needs --map: see "fraudstream replay --help"']
      : []),
    ...(omitted > 0 ? [`  Not listed ${count(omitted)} findings past --max-errors`] : []),
  ];
}

function oddityText(oddities: OddityFigures): readonly string[] {
  const { duplicates, outOfOrder, backMs, unknownFields, isIncomplete } = oddities;
  const names = [...unknownFields].map(([name, times]) => `${name} (${count(times)})`);
  return [
    ...(duplicates > 0
      ? [`  Warning    ${plural(duplicates, 'record')} with a transaction_id that occurred before`]
      : []),
    ...(outOfOrder > 0
      ? [
          `  Warning    ${plural(outOfOrder, 'record')} not in order of event time, by up to ${span(backMs)}: replay with --sort`,
        ]
      : []),
    ...(names.length > 0 ? [`  Warning    unknown fields: ${names.join(', ')}`] : []),
    ...(isIncomplete
      ? ['  Warning    duplicates were looked for among the first 8 million records only']
      : []),
  ];
}

function plural(number: number, word: string): string {
  return `${count(number)} ${word}${number === 1 ? '' : 's'}`;
}
