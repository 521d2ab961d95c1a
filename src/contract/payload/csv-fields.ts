import type { Span } from './json-span.ts';

/** The fields of one CSV record, and where each stands in its bytes. */
export interface CsvFields {
  readonly values: readonly string[];
  readonly spans: readonly Span[];
}

const QUOTE = 0x22;

/**
 * Splits a CSV record as RFC 4180 has it; a quote within a field that does not begin with one is part of it.
 *
 * `undefined` for a quoted field that is not closed, or that is followed by other characters.
 */
export function csvFields(record: Uint8Array, separator: string): CsvFields | undefined {
  const comma = separator.charCodeAt(0);
  const bytes = Buffer.from(record.buffer, record.byteOffset, record.length);
  const values: string[] = [];
  const spans: Span[] = [];
  let at = 0;
  for (;;) {
    const end = bytes[at] === QUOTE ? endOfQuoted(bytes, at) : endOfPlain(bytes, at, comma);
    if (end < 0 || (end < bytes.length && bytes[end] !== comma)) return undefined;
    spans.push({ from: at, end });
    values.push(
      bytes[at] === QUOTE
        ? bytes.toString('utf8', at + 1, end - 1).replaceAll('""', '"')
        : bytes.toString('utf8', at, end),
    );
    if (end >= bytes.length) return { values, spans };
    at = end + 1;
  }
}

function endOfPlain(bytes: Buffer, from: number, comma: number): number {
  const end = bytes.indexOf(comma, from);
  return end < 0 ? bytes.length : end;
}

function endOfQuoted(bytes: Buffer, from: number): number {
  let at = from + 1;
  for (;;) {
    const quote = bytes.indexOf(QUOTE, at);
    if (quote < 0) return -1;
    if (bytes[quote + 1] !== QUOTE) return quote + 1;
    at = quote + 2;
  }
}

/** The text as a CSV field: quoted where it has to be. */
export function csvField(text: string, separator: string): string {
  const isPlain = !/["\r\n]/.test(text) && !text.includes(separator);
  return isPlain ? text : `"${text.replaceAll('"', '""')}"`;
}
