import type { LimitResult } from './limit.ts';
import { pairs } from './pairs.ts';

/** What became of each limit: those that hold first, then those that nobody measured. */
export function limitText(results: readonly LimitResult[]): readonly string[] {
  const inOrder = [...results].sort((a, b) => rank(a) - rank(b));
  return pairs(inOrder.map((result, place) => [place === 0 ? 'Limits' : '', lineOf(result)]));
}

/** Neither that it passed nor that it failed can be said of what was not measured. */
function lineOf({ expression, holds, actual, told }: LimitResult): string {
  if (actual === undefined) return `NOT MEASURED  ${expression}  (so it does not hold)`;
  return `${holds ? 'FAILED' : 'passed'}  ${expression}  (${told})`;
}

function rank({ holds, actual }: LimitResult): number {
  if (holds) return 0;
  return actual === undefined ? 1 : 2;
}
