import type { Delivery } from '../../../reporting/delivery.ts';
import { bytesPerSecond, count, perSecond } from '../../../reporting/format.ts';
import { type Progress, type ProgressForm, progress } from '../../../reporting/progress.ts';
import type { Outside } from '../../outside.ts';

/** What the flags say about progress. */
export interface ProgressValues {
  readonly progress: ProgressForm;
}

/** The throughput of this moment, what was acknowledged so far, and what went wrong. */
export function deliveryProgress(
  delivery: Delivery,
  total: number | undefined,
  values: ProgressValues,
  { clock, err }: Pick<Outside, 'clock' | 'err'>,
): Progress {
  let before = { at: clock.now(), accepted: 0, bytes: 0 };
  const moment = (): { readonly done: number; readonly text: string } => {
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
  return progress(values.progress, total, moment, err, clock);
}
