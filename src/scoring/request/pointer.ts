/**
 * The values at a JSON pointer in which `*` stands for every item of an array; `undefined` where
 * the pointer leads nowhere.
 *
 * Source: RFC 6901 (`~1` is a slash, `~0` a tilde), plus the star.
 */
export function valuesAt(value: unknown, pointer: string): readonly unknown[] | undefined {
  let found: readonly unknown[] = [value];
  for (const word of pointer.split('/').slice(1)) {
    const name = word.replaceAll('~1', '/').replaceAll('~0', '~');
    const next: unknown[] = [];
    for (const holder of found) {
      const inner = name === '*' ? items(holder) : member(holder, name);
      if (!inner) return undefined;
      for (const one of inner) next.push(one);
    }
    found = next;
  }
  return found;
}

function items(holder: unknown): readonly unknown[] | undefined {
  return Array.isArray(holder) ? holder : undefined;
}

function member(holder: unknown, name: string): readonly unknown[] | undefined {
  if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, name))
    return undefined;
  return [(holder as Readonly<Record<string, unknown>>)[name]];
}
