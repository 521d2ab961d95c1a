/** No format that is read here nests deeper than a dozen levels. */
const MOST_LEVELS = 100;

/**
 * Parses JSON from outside, as `JSON.parse` does, but not more than 100 levels of nesting.
 *
 * V8 parses any depth, but whatever then descends into the value (`JSON.stringify`, `String`, our own
 * code) overflows the stack. Errors: `SyntaxError` for text that is not JSON, or is nested too deep.
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (isNestedWithin(value, MOST_LEVELS)) return value;
  throw new SyntaxError(`nested deeper than ${MOST_LEVELS} levels`);
}

function isNestedWithin(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  if (Array.isArray(value)) return value.every((item) => isNestedWithin(item, levels - 1));
  for (const key in value) {
    if (!isNestedWithin((value as Record<string, unknown>)[key], levels - 1)) return false;
  }
  return true;
}

/** True for what JSON calls an object: neither null nor an array. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
