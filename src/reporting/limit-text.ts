import type { LimitOutcome } from './document/report-document.ts';
import { answerOf, type LimitAnswer } from './limit.ts';
import { pairs } from './pairs.ts';

/** What became of each limit: those that hold first, then those that nobody measured. */
export function limitText(results: readonly LimitOutcome[]): readonly string[] {
  const inOrder = [...results].sort((a, b) => rank(a) - rank(b));
  return pairs(inOrder.map((result, place) => [place === 0 ? 'Limits' : '', lineOf(result)]));
}

const ranks: Readonly<Record<LimitAnswer, number>> = { failed: 0, 'not measured': 1, passed: 2 };

/** Neither that it passed nor that it failed can be said of what was not measured. */
function lineOf(limit: LimitOutcome): string {
  const { expression, told } = limit;
  const answer = answerOf(limit);
  if (answer === 'not measured') return `NOT MEASURED  ${expression}  (so it does not hold)`;
  return `${answer === 'failed' ? 'FAILED' : 'passed'}  ${expression}  (${told})`;
}

function rank(limit: LimitOutcome): number {
  return ranks[answerOf(limit)];
}
