const PLAIN = /^[A-Za-z_/][\w./ -]*$/;
/** YAML reads these as something else than text. */
const RESERVED = /^(true|false|null|yes|no|on|off|y|n)$/i;

/** A text as one scalar of YAML, in quotes where it needs them. */
export function yamlText(text: string): string {
  const isPlain = PLAIN.test(text) && !RESERVED.test(text) && text.trim() === text;
  return isPlain ? text : JSON.stringify(text);
}

/** A mapping on one line: `{ a: b, c: d }`. */
export function yamlMap(entries: ReadonlyArray<readonly [key: string, value: string]>): string {
  return `{ ${entries.map(([key, value]) => `${yamlText(key)}: ${value}`).join(', ')} }`;
}

/** A list on one line: `[a, b]`. */
export function yamlList(texts: readonly string[]): string {
  return `[${texts.map(yamlText).join(', ')}]`;
}
