import { printable } from './printable.ts';
import type { Secrets } from './secrets.ts';

/** Lines as people get to see them, on stdout, stderr or a page: without secrets, and harmless. */
export function printedText(lines: readonly string[], secrets: Secrets): string {
  return lines.map((line) => `${printable(secrets.redacted(line))}\n`).join('');
}
