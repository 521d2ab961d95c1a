import { sum } from './rule.ts';

type Source = Readonly<Record<string, unknown>>;

/** Fields that count records. */
const counts: readonly string[] = ['rejected_lines', 'unread_records', 'out_of_range_records'];

/** Where the records of all parts came from: counts add up, what else they say stays as far as they agree. */
export function sources(parts: readonly Source[]): Source {
  const keys = [...new Set(parts.flatMap((part) => Object.keys(part)))];
  return Object.fromEntries(
    keys.flatMap((key) => {
      const values = parts.flatMap((part) => (part[key] === undefined ? [] : [part[key]]));
      if (counts.includes(key)) return [[key, sum(values.map(Number))]];
      const different = [...new Set(values)];
      if (key === 'input') return [[key, different.join(', ')]];
      return different.length === 1 ? [[key, different[0]]] : [];
    }),
  );
}
