/**
 * What a terminal obeys, or what shows text as another than it is.
 *
 * C0 and C1 controls and DEL, line and paragraph separators, the marks, embeddings, overrides and
 * isolates of bidirectional text, invisible characters (zero width, byte order mark, tags), halves
 * of surrogate pairs and noncharacters that XML does not take.
 * Source: Unicode 16, chapter 23; UAX #9; CVE-2021-42574.
 */
const UNPRINTABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not get through
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

/**
 * Text from outside as one line that is safe to show: what a terminal would obey stands as `\u001b`.
 *
 * Of a text in JSON form it is the same JSON.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (found) =>
    Array.from({ length: found.length }, (_, at) => unit(found.charCodeAt(at))).join(''),
  );
}

/** The same of lines that we have put together ourselves: their line feeds stay. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

function unit(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}

/** A value as one line of JSON in which nothing is left that a terminal would obey. */
export function jsonLine(value: unknown): string {
  return `${printable(JSON.stringify(value))}\n`;
}
