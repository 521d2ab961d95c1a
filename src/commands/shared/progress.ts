import type { Runtime } from '../../cli/runtime.ts';
import type { Values } from '../../cli/settings/define-setting.ts';
import type { Delivery } from '../../metrics/delivery.ts';
import type { Scoring } from '../../metrics/scoring.ts';
import { type Progress, type ProgressMoment, progress } from '../../report/progress.ts';
import { bytesPerSecond, count, perSecond } from '../../text/format.ts';
import type { outputSettings } from './flags/common-flags.ts';

/** The flag of the progress. */
export type ProgressValues = Pick<Values<typeof outputSettings>, 'progress'>;

/** The throughput of this moment, what was acknowledged so far, and what went wrong. */
export function deliveryMoment(delivery: Delivery, clock: Runtime['clock']): ProgressMoment {
  let before = { at: clock.now(), accepted: 0, bytes: 0 };
  return () => {
    const { accepted, failed, retries, bytes } = delivery;
    const at = clock.now();
    const seconds = (at - before.at) / 1000;
    const rate = perSecond((accepted - before.accepted) / seconds);
    const volume = bytesPerSecond((bytes - before.bytes) / seconds);
    before = { at, accepted, bytes };
    const troubles = [
      ...(retries > 0 ? [`${count(retries)} retries`] : []),
      ...(failed > 0 ? [`${count(failed)} failed`] : []),
    ];
    const parts = [`${count(accepted)} acknowledged`, rate, volume, ...troubles];
    return { done: accepted + failed, text: parts.join(', ') };
  };
}

/** The throughput of this moment, what was scored so far, what is under way, what went wrong. */
export function scoreMoment(scoring: Scoring, clock: Runtime['clock']): ProgressMoment {
  let before = { at: clock.now(), scored: 0 };
  return () => {
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
}

/** Shows the moments of a run on stderr. */
export function shownProgress(
  moment: ProgressMoment,
  total: number | undefined,
  values: ProgressValues,
  { clock, err }: Pick<Runtime, 'clock' | 'err'>,
): Progress {
  return progress(values.progress, total, moment, err, clock);
}
