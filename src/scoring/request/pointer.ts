/**
 * The values at a JSON pointer in which `*` stands for every item of an array; `undefined` where
 * the pointer leads nowhere. Of several items those that have no such member give `undefined`.
 *
 * Source: RFC 6901 (`~1` is a slash, `~0` a tilde), plus the star.
 */
export function valuesAt(value: unknown, pointer: string): readonly unknown[] | undefined {
  let found: readonly unknown[] = [value];
  for (const word of pointer.split('/').slice(1)) {
    const next = step(found, word.replaceAll('~1', '/').replaceAll('~0', '~'));
    if (!next) return undefined;
    found = next;
  }
  return found;
}

function step(holders: readonly unknown[], name: string): readonly unknown[] | undefined {
  if (name === '*') return holders.every(Array.isArray) ? holders.flat() : undefined;
  const inner = holders.map((holder) => member(holder, name));
  const isNowhere = inner.length > 0 && inner.every((one) => one === undefined);
  return isNowhere ? undefined : inner;
}

function member(holder: unknown, name: string): unknown {
  if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, name))
    return undefined;
  return (holder as Readonly<Record<string, unknown>>)[name];
}
