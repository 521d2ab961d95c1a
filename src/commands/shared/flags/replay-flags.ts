import {
  formerly,
  grouped,
  insteadOf,
  needing,
  setting,
} from '../../../cli/settings/define-setting.ts';
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
    'time that sets the pace: of the events, or of their arrival in a recorded stream',
    'event-time',
    choice('event-time', 'arrival'),
  ),
  speed: setting('--speed <factor>', 'speed: original, 2x, 0.5x or max', 'original', speed),
  rate: insteadOf(
    'speed',
    setting(
      '-r, --rate <rate>',
      'send at this rate (or max) instead of the recorded timing',
      undefined,
      rateOrMax,
    ),
  ),
  maxGap: setting('--max-gap <duration>', 'shorten longer pauses to this', undefined, duration),
  timeShift: setting(
    '--time-shift <shift>',
    'shift event times to now, or by a duration',
    'none',
    timeShift,
  ),
});

/** Which records leave. */
export const selectionSettings = grouped('Records:', {
  from: setting('--from <instant>', 'skip events before this time', undefined, instant),
  until: setting('--until <instant>', 'skip events from this time on', undefined, instant),
  filter: setting(
    '--filter <condition>',
    'send only records that match, such as amount_minor>=1000 or channel=ecom',
    [],
    list(conditionText),
  ),
  count: formerly(
    '--limit <count>',
    setting('-n, --count <count>', 'stop after this many records', undefined, positiveCount),
  ),
  loop: setting('--loop <times>', 'replay this many times', 1, positiveCount),
});

/** How an interrupted replay resumes. */
export const resumeSettings = grouped('Resuming:', {
  checkpoint: setting('--checkpoint <file>', 'record the progress in this file', undefined, output),
  resume: needing('checkpoint', setting('--resume', 'resume from the checkpoint', false, yesNo)),
});
