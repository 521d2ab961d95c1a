/** The same value, each text within it changed; keys of records are texts as well. */
export function withTexts<T>(value: T, change: (text: string) => string): T {
  return changed(value, change) as T;
}

function changed(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) {
    // The counted scores of a report are hundreds of thousands of numbers.
    return value.every((item) => typeof item === 'number')
      ? value
      : value.map((item) => changed(item, change));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [change(key), changed(inner, change)]),
  );
}
