import { grouped, insteadOf, setting } from '../../../cli/settings/define-setting.ts';
import { duration, positiveCount, rateOrMax, stageList } from '../../../cli/settings/quantities.ts';

/** When records leave, and how many. */
export const paceSettings = grouped('Pace:', {
  rate: setting('-r, --rate <rate>', 'transactions per second, or max', '1k/s', rateOrMax),
  stages: insteadOf(
    'rate',
    setting(
      '--stages <points>',
      'rates over time, interpolated: "0@0 5k@30s 5k@5m"',
      undefined,
      stageList,
    ),
  ),
  count: setting(
    '-n, --count <count>',
    'stop after this many transactions',
    undefined,
    positiveCount,
  ),
  duration: setting('-d, --duration <duration>', 'stop after this time', undefined, duration),
});
