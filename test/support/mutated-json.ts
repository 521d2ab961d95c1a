/** What may stand where a value should. */
const oddValues: readonly unknown[] = [
  ...[null, true, false, 0, -1, 0.5, 1e308, -1e308, 2 ** 53 + 2, '', 'x', '1', 'NaN'],
  ...['\u0000', '\ud800', '__proto__', 'é'.repeat(300), '2026-02-30T25:00:00Z', '../../etc/passwd'],
  ...[[], {}, [null], [[]], [{}], { a: 1 }, { constructor: 1 }, [1, 'x', null], { length: -1 }],
];

interface Slot {
  readonly holder: Record<string, unknown> | unknown[];
  readonly key: string | number;
}

/** A copy of a value of JSON with one to three changes, by a seeded random. */
export function mutatedJson(value: unknown, random: () => number): unknown {
  const copy: unknown = structuredClone(value);
  const changes = 1 + Math.floor(random() * 3);
  for (let change = 0; change < changes; change += 1) mutate(slotsOf(copy), random);
  return copy;
}

/** The text of a mutated value, at times with a change that makes it no JSON. */
export function mutatedText(value: unknown, random: () => number): string {
  const text = JSON.stringify(mutatedJson(value, random));
  if (random() > 0.1) return text;
  const at = Math.floor(random() * text.length);
  const cut = Math.floor(random() * 20);
  const put = pick(['', '}', '\u0000', ',', '"', '1e999', '[['], random);
  return text.slice(0, at) + put + text.slice(at + cut);
}

function mutate(slots: readonly Slot[], random: () => number): void {
  const slot = pick(slots, random);
  if (!slot) return;
  const { holder, key } = slot;
  const there = Reflect.get(holder, key);
  switch (Math.floor(random() * 6)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else Reflect.deleteProperty(holder, key);
      return;
    case 1: {
      const other = pick(slots, random);
      // A copy: what is in itself has no end.
      if (other) Reflect.set(holder, key, structuredClone(Reflect.get(other.holder, other.key)));
      return;
    }
    case 2:
      if (typeof there === 'number') {
        Reflect.set(holder, key, pick([-there, there * 1e9, there + 0.5, -0, 1e21], random));
        return;
      }
      break;
    case 3:
      if (Array.isArray(there)) {
        there.push(structuredClone(there[0] ?? null), pick(oddValues, random));
        return;
      }
      break;
    default:
      break;
  }
  Reflect.set(holder, key, structuredClone(pick(oddValues, random)));
}

function slotsOf(value: unknown): readonly Slot[] {
  const slots: Slot[] = [];
  const visit = (holder: unknown): void => {
    if (typeof holder !== 'object' || holder === null) return;
    const keys = Array.isArray(holder) ? holder.map((_, index) => index) : Object.keys(holder);
    for (const key of keys) {
      slots.push({ holder: holder as Slot['holder'], key });
      visit(Reflect.get(holder, key));
    }
  };
  visit(value);
  return slots;
}

function pick<T>(all: readonly T[], random: () => number): T | undefined {
  return all[Math.floor(random() * all.length)];
}
