import type { Finding } from '../records/finding.ts';
import { printable } from './printable.ts';

/** `day.ndjson:17: amount_minor must be a whole number, not "12.50"` */
export function findingText({ severity, file, line, field, value, reason }: Finding): string {
  const what = `${field === '' ? 'the line' : field} ${reason}${seen(severity, value)}`;
  return printable(`${file}:${line}: ${severity === 'warning' ? 'warning: ' : ''}${what}`);
}

/**
 * The annotation that GitHub Actions shows at the line: `::error file=day.ndjson,line=17,title=…::…`.
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
