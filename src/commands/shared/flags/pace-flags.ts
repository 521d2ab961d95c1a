import { grouped, insteadOf, setting } from '../../../cli/settings/define-setting.ts';
import { duration, positiveCount, rateOrMax, stageList } from '../../../cli/settings/quantities.ts';

/** When records leave, and how many. */
export const paceSettings = grouped('Pace:', {
  rate: setting('-r, --rate <rate>', 'transactions a second, or max', '1k/s', rateOrMax),
  stages: insteadOf(
    'rate',
    setting(
      '--stages <points>',
      'a rate that moves from point to point, "0@0 5k@30s 5k@5m"; instead of --rate',
      undefined,
      stageList,
    ),
  ),
  count: setting('-n, --count <count>', 'stop after so many', undefined, positiveCount),
  duration: setting('-d, --duration <span>', 'stop after so long', undefined, duration),
});
