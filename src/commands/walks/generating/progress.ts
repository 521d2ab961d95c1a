import type { Extract } from '../../../generators/lines/extract.ts';
import { completeSettings, type WorldSettings } from '../../../generators/world.ts';
import { count, perSecond } from '../../../reporting/format.ts';
import { type Progress, type ProgressForm, progress } from '../../../reporting/progress.ts';
import type { Outside } from '../../outside.ts';

/** Shows how many transactions have been made, and how many a second. */
export function generationProgress(
  made: Pick<Extract, 'count'>,
  settings: WorldSettings,
  most: number,
  values: { readonly progress: ProgressForm },
  { clock, err }: Pick<Outside, 'clock' | 'err'>,
): Progress {
  let before = { at: clock.now(), count: 0 };
  const moment = (): { readonly done: number; readonly text: string } => {
    const at = clock.now();
    const rate = perSecond((1000 * (made.count - before.count)) / (at - before.at));
    before = { at, count: made.count };
    return { done: made.count, text: `${count(made.count)} transactions, ${rate}` };
  };
  return progress(values.progress, expected(settings, most), moment, err, clock);
}

/** About as many transactions as there will be. */
function expected(settings: WorldSettings, most: number): number {
  const { transactionsPerSecond, durationMs, partition } = completeSettings(settings);
  return Math.min(most, Math.ceil((transactionsPerSecond * durationMs) / 1000 / partition.of));
}
