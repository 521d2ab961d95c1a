import type { ScoreTrace } from '../../records/score-trace.ts';
import type { Clock } from '../../stream/clock.ts';

/** What the scoring needs from outside; `observe` sees each request once it is over. */
export interface ScoreMeans {
  readonly clock: Clock;
  readonly random: () => number;
  readonly observe?: (trace: ScoreTrace) => void;
}
