import type { LimitResult } from './limit.ts';
import { pairs } from './pairs.ts';

/** What became of each limit; those that hold first. */
export function limitText(results: readonly LimitResult[]): readonly string[] {
  const inOrder = [...results].sort((a, b) => Number(b.holds) - Number(a.holds));
  return pairs(
    inOrder.map(({ expression, holds, told }, place) => [
      place === 0 ? 'Limits' : '',
      `${holds ? 'FAILED' : 'passed'}  ${expression}  (${told})`,
    ]),
  );
}
