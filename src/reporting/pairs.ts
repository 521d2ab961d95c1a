import { count } from './format.ts';
import type { CodeCount } from './tally.ts';

/** Names and values in two columns. */
export function pairs(rows: readonly (readonly [string, string])[]): readonly string[] {
  return rows.map(([name, value]) => `  ${name.padEnd(16)} ${value}`);
}

/** How often each of several things happened, under one title. */
export function codeLines(
  title: string,
  what: string,
  counts: readonly CodeCount[],
): readonly string[] {
  return pairs(
    counts.map(({ code, count: times }, place) => [
      place === 0 ? title : '',
      `${count(times)} ${what} ${code}`,
    ]),
  );
}
