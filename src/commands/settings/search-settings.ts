import type { Limit } from '../../reporting/limit.ts';
import { failSettings } from './fail-if.ts';
import { choice } from './parser.ts';
import { duration, positiveCount, rate, share } from './quantity.ts';
import { grouped, insteadOf, type Setting, setting } from './setting.ts';

/** A rate is too high when one of these holds, whatever the flags say. */
export const alwaysTooHigh: readonly string[] = ['achieved < 99%', 'errors > 1%'];

/** Where a capacity is sought, and when a rate is too high. */
export const searchSettings: {
  readonly through: Setting<'endpoint' | 'pipeline' | undefined>;
  readonly failIf: Setting<readonly Limit[]>;
  readonly fromRate: Setting<number>;
  readonly toRate: Setting<number>;
  readonly precision: Setting<number>;
  readonly stepBy: Setting<number | undefined>;
  readonly step: Setting<number>;
  readonly settle: Setting<number>;
  readonly repeat: Setting<number>;
  readonly goodWithin: Setting<number>;
} = grouped('Search:', {
  through: setting(
    '--through <what>',
    'endpoint, or a whole pipeline (default with --stream and --stack)',
    undefined,
    choice('endpoint', 'pipeline'),
  ),
  failIf: {
    ...failSettings('probe.response.p99 >= 100ms').failIf,
    meaning: `a rate is too high when this holds, and always when ${alwaysTooHigh.join(' or ')}`,
  },
  fromRate: setting('--from-rate <rate>', 'the first one tried', '100/s', rate),
  toRate: setting('--to-rate <rate>', 'no higher than that', '100k/s', rate),
  precision: setting('--precision <share>', 'how near the answer is to be', '2%', share),
  stepBy: insteadOf(
    'precision',
    setting('--step-by <rate>', 'rise by so much each time instead of halving', undefined, rate),
  ),
  step: setting(
    '--step <span>',
    'how long each rate is held; longer, up to 60s, where a condition needs more samples',
    '5s',
    duration,
  ),
  settle: setting('--settle <span>', 'beginning of each that does not count', '2s', duration),
  repeat: setting(
    '--repeat <count>',
    'tries of each rate, of which most must agree',
    3,
    positiveCount,
  ),
  goodWithin: setting('--good-within <span>', 'an answer in time', '1s', duration),
});
