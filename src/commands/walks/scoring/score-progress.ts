import { count, perSecond } from '../../../reporting/format.ts';
import { type Progress, progress } from '../../../reporting/progress.ts';
import type { Scoring } from '../../../reporting/scoring.ts';
import type { Outside } from '../../outside.ts';
import type { ProgressValues } from '../reports/delivery-progress.ts';

/** The throughput of this moment, what was scored so far, what is under way, what went wrong. */
export function scoreProgress(
  scoring: Scoring,
  total: number | undefined,
  values: ProgressValues,
  { clock, err }: Pick<Outside, 'clock' | 'err'>,
): Progress {
  let before = { at: clock.now(), scored: 0 };
  const moment = (): { readonly done: number; readonly text: string } => {
    const { scored, failed, unscored, retries, inFlight, limit } = scoring;
    const at = clock.now();
    const rate = perSecond((1000 * (scored - before.scored)) / (at - before.at));
    before = { at, scored };
    const parts = [
      `${count(scored)} scored`,
      rate,
      `${count(inFlight)} of ${count(limit)} in flight`,
      ...(retries > 0 ? [`${count(retries)} retries`] : []),
      ...(failed > 0 ? [`${count(failed)} failed`] : []),
      ...(unscored > 0 ? [`${count(unscored)} unscored`] : []),
    ];
    return { done: scored + failed + unscored, text: parts.join(', ') };
  };
  return progress(values.progress, total, moment, err, clock);
}
