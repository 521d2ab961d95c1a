import { grouped, insteadOf, needing, setting } from '../../../cli/settings/define-setting.ts';
import { choice, list, output, type Parser, parser, yesNo } from '../../../cli/settings/parsers.ts';
import {
  duration,
  instant,
  positive,
  positiveCount,
  rateOrMax,
} from '../../../cli/settings/quantities.ts';
import type { TimeShift } from '../../../files/replay/replay-records.ts';
import { type Condition, condition } from '../../../files/replay/selection.ts';

/** A factor on the original speed: 2x, 0.5x, original (1x), max (infinite). */
const speed: Parser<number> = parser('a speed such as 2x, 0.5x, original or max', '2x', (text) => {
  if (text === 'max') return Number.POSITIVE_INFINITY;
  if (text === 'original') return 1;
  const [, factor] = /^(.+)x$/.exec(text) ?? [];
  return factor === undefined ? undefined : positive.read([factor]);
});

const timeShift: Parser<TimeShift> = parser(
  'now, none, or a duration such as 30d or -12h',
  'now',
  (text) => {
    if (text === 'now' || text === 'none') return text;
    const isBack = text.startsWith('-');
    const ms = duration.read([text.replace(/^[+-]/, '')]);
    return ms === undefined ? undefined : { byMs: isBack ? -ms : ms };
  },
);

const conditionText: Parser<Condition> = parser(
  'a condition such as amount_minor>=1000 or channel=ecom',
  'channel=ecom',
  condition,
);

/** When records leave. */
export const timingSettings = grouped('Timing:', {
  by: setting(
    '--by <time>',
    'the times they leave by: of the events, or of their arrival in a recorded stream',
    'event-time',
    choice('event-time', 'arrival'),
  ),
  speed: setting('--speed <factor>', 'original, 2x, 0.5x or max', 'original', speed),
  rate: insteadOf(
    'speed',
    setting(
      '-r, --rate <rate>',
      'records a second, or max, instead of their own times',
      undefined,
      rateOrMax,
    ),
  ),
  maxGap: setting('--max-gap <span>', 'longer pauses count as that long', undefined, duration),
  timeShift: setting(
    '--time-shift <shift>',
    'event times: none, now (the instant due), or moved by a duration',
    'none',
    timeShift,
  ),
});

/** Which records leave. */
export const selectionSettings = grouped('Records:', {
  from: setting('--from <instant>', 'from this event time on', undefined, instant),
  until: setting('--until <instant>', 'before this event time', undefined, instant),
  filter: setting(
    '--filter <condition>',
    'only records with amount_minor>=1000, channel=ecom, and the like',
    [],
    list(conditionText),
  ),
  limit: setting('-n, --limit <count>', 'at most so many records', undefined, positiveCount),
  loop: setting('--loop <times>', 'so many times in all', 1, positiveCount),
});

/** How a replay goes on after it was cut off. */
export const resumeSettings = grouped('Resuming:', {
  checkpoint: setting('--checkpoint <file>', 'keep what was acknowledged there', undefined, output),
  resume: needing(
    'checkpoint',
    setting('--resume', 'go on where the checkpoint stands', false, yesNo),
  ),
});
