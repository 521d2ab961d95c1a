/**
 * What a terminal obeys, or what shows text as another than it is.
 *
 * Controls (C0, DEL, C1), line and paragraph separators, what turns the order of text, invisible
 * characters, halves of surrogate pairs, and what is no character and so cannot stand in XML.
 * Source: Unicode 16, chapter 23; UAX #9; CVE-2021-42574.
 */
const UNPRINTABLE =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}\p{Noncharacter_Code_Point}\u00ad\u180e\u200b\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

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
