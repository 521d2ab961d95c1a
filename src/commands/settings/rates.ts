import type { From } from '../../kinesis/consumer/checkpoint-file.ts';
import type { Stage } from '../../pacing/stages.ts';
import { instant } from './instant.ts';
import { type Parser, parser } from './parser.ts';
import { duration, rate } from './quantity.ts';

/** Records per second, or `max` for as fast as they are taken. */
export const rateOrMax: Parser<number> = parser(
  'a rate such as 1000, 5k/s or 300/m, or max',
  '5k/s',
  (text) => (text === 'max' ? Number.POSITIVE_INFINITY : rate.read([text])),
);

/** Points of a rate's curve, `<rate>@<time since the start>`, in order of time. */
export const stageList: Parser<readonly Stage[]> = parser(
  'points <rate>@<time> in order of time, such as "0@0 5k@30s 5k@5m"',
  '"0@0 5k@30s 5k@5m"',
  (text) => {
    const points = text.split(/[\s,]+/).map(stage);
    const isInOrder = points.every(
      (point, place) => point && point.atMs >= (points[place - 1]?.atMs ?? 0),
    );
    return isInOrder && points.some((point) => point && point.perSecond > 0)
      ? points.filter((point) => point !== undefined)
      : undefined;
  },
);

function stage(text: string): Stage | undefined {
  const [perSecondText = '', atText = '', ...rest] = text.split('@');
  const perSecond = perSecondText === '0' ? 0 : rate.read([perSecondText]);
  const atMs = duration.read([atText]);
  if (perSecond === undefined || atMs === undefined || rest.length > 0) return undefined;
  return { perSecond, atMs };
}

/** Where a reading begins. */
export const beginning: Parser<From> = parser(
  'latest, trim-horizon, or an instant such as 2026-11-23T15:00:00Z or 2026-11-23',
  'trim-horizon',
  (text) => {
    if (text === 'latest' || text === 'trim-horizon') return text;
    const timestamp = instant.read([text]);
    return timestamp === undefined ? undefined : { timestamp };
  },
);
