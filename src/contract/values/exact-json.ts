import { parseJson } from '../../text/parse-json.ts';
import { NumberText } from './number-text.ts';

/** Numbers that a double might give back as another text; texts that look like them cost only time. */
const RISKY =
  /(?:^|[:[,\s])(?:-?(?:\d{16}|\d+\.\d{15}|\d+\.\d*0(?!\d)|\d+(?:\.\d+)?[eE])|-0(?![\d.]))/;
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/**
 * Parses JSON as `parseJson` does, but a number whose text a double does not give back becomes a `NumberText`.
 *
 * Errors: `SyntaxError` for text that is not JSON, or is nested deeper than 100 levels.
 */
export function parseJsonExactly(text: string): unknown {
  const value = parseJson(text);
  if (!RISKY.test(text)) return value;
  const mark = markFor(text);
  let isChanged = false;
  const marked = text.replace(TOKENS, (token) => {
    if (token.startsWith('"') || String(Number(token)) === token) return token;
    isChanged = true;
    return `"${mark}${token}"`;
  });
  return isChanged ? restored(JSON.parse(marked), mark) : value;
}

/** A character for private use that no text of this document has, escaped or not. */
function markFor(text: string): string {
  for (let code = 0xe000; ; code += 1) {
    const mark = String.fromCharCode(code);
    const escaped = `\\u${code.toString(16)}`;
    if (!text.includes(mark) && !text.toLowerCase().includes(escaped)) return mark;
  }
}

function restored(value: unknown, mark: string): unknown {
  if (typeof value === 'string') {
    return value.startsWith(mark) ? new NumberText(value.slice(mark.length)) : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => restored(item, mark));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, restored(item, mark)]),
  );
}
