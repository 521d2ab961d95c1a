import { type Parser, parser } from './parser.ts';

/**
 * A point in time as epoch milliseconds: 2026-11-23T15:00:00Z, with an offset, or a date, which is its midnight UTC.
 *
 * Source: RFC 3339, section 5.6. A time needs its offset: a local time means nothing in a replay.
 */
export const instant: Parser<number> = parser(
  'an instant with its offset such as 2026-11-23T15:00:00Z, or a date such as 2026-11-23 (UTC)',
  '2026-11-23T15:00:00Z',
  (text) => {
    const [, year, month, day] =
      /^(\d{4})-(\d{2})-(\d{2})(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2}))?$/i.exec(
        text,
      ) ?? [];
    const epochMs = Date.parse(text.toUpperCase());
    // Date.parse turns February 30 into March 2.
    const lastDay = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
    return year === undefined || Number.isNaN(epochMs) || Number(day) > lastDay
      ? undefined
      : epochMs;
  },
);
