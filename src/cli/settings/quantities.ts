import type { From } from '../../kinesis/consumer/checkpoint.ts';
import type { Stage } from '../../pacing/pacer.ts';
import { type Parser, parser } from './parsers.ts';

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

const thousands: Readonly<Record<string, number>> = { '': 1, k: 1e3, K: 1e3, M: 1e6, G: 1e9 };
const perSecondOf: Readonly<Record<string, number>> = {
  ...{ s: 1, sec: 1, second: 1 },
  ...{ m: 1 / 60, min: 1 / 60, minute: 1 / 60 },
  ...{ h: 1 / 3600, hour: 1 / 3600 },
};
const millisecondsOf: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const bytesOf: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

/** Whole numbers from 0: 4, 10k, 5M, 1e6. */
export const count: Parser<number> = parser('a count such as 500, 10k or 5M', '10k', (text) =>
  whole(magnitude(text)),
);

/** Whole numbers from 1. */
export const positiveCount: Parser<number> = parser(
  'a count of at least 1 such as 8, 500 or 10k',
  '8',
  (text) => atLeast(1, whole(magnitude(text))),
);

/** A port of TCP; 0 lets the system choose. */
export const port: Parser<number> = parser('a port from 0 to 65535', '8080', (text) => {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return value <= 65_535 ? value : undefined;
});

/** Threads, at least 1; `auto`, as many as there are cores, is infinite. */
export const threadsOrAuto: Parser<number> = parser(
  'a count of at least 1, or auto',
  '4',
  (text) => (text === 'auto' ? Number.POSITIVE_INFINITY : atLeast(1, whole(magnitude(text)))),
);

/** Any number above 0. */
export const positive: Parser<number> = parser('a number above 0', '2.5', (text) => {
  const value = magnitude(text);
  return value !== undefined && value > 0 ? value : undefined;
});

/** Records per second: 1000, 5k/s, 1000rps, 5k tps, 300/min, 1M/h. */
export const rate: Parser<number> = parser('a rate such as 1000, 5k/s or 300/m', '5k/s', (text) => {
  const [, amount = '', unit = 's'] = /^([^/\s]+?)\s*(?:[rt]ps|\/\s*([a-z]+))?$/.exec(text) ?? [];
  const value = magnitude(amount);
  const perSecond =
    value === undefined
      ? 0
      : value * (Object.hasOwn(perSecondOf, unit) ? (perSecondOf[unit] ?? 0) : 0);
  return perSecond > 0 ? perSecond : undefined;
});

/** A span in milliseconds with its unit, which only 0 does without: 250ms, 30s, 5m, 1m30s, 1h. */
export const duration: Parser<number> = parser(
  'a duration such as 250ms, 30s, 5m or 1h',
  '30s',
  span,
);

/** A span in milliseconds where a bare number means milliseconds, as in the KPL's settings. */
export const milliseconds: Parser<number> = parser(
  'milliseconds such as 100, or a duration such as 30s',
  '100',
  (text) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : span(text)),
);

/** A span of milliseconds as a flag is written: 100ms, 30s. */
export function writtenMs(ms: number): string {
  return ms >= 1000 && ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/** A number of bytes as a flag is written: 50KiB, 5MiB. */
export function writtenSize(bytes: number): string {
  if (bytes >= 2 ** 20 && bytes % 2 ** 20 === 0) return `${bytes / 2 ** 20}MiB`;
  return bytes >= 2 ** 10 && bytes % 2 ** 10 === 0 ? `${bytes / 2 ** 10}KiB` : `${bytes}B`;
}

/** A size in bytes: 51200, 50KiB, 5MiB, 1MB. */
export const size: Parser<number> = parser(
  'a size such as 51200, 50KiB or 5MiB',
  '5MiB',
  (text) => {
    const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmg]?i?b)?$/i.exec(text) ?? [];
    const bytes = Number(amount) * (bytesOf[unit.toLowerCase()] ?? Number.NaN);
    return amount === '' ? undefined : whole(bytes);
  },
);

/** A ratio, with or without a percent sign: 150% is 1.5; without the sign 0 to 1. */
export const percentage: Parser<number> = parser(
  'a percentage such as 2% (or a ratio from 0 to 1)',
  '2%',
  ratio,
);

/** A ratio from 0 to 1: 2% or 0.02. */
export const share: Parser<number> = parser(
  'a percentage from 0% to 100% such as 2% (or a ratio from 0 to 1)',
  '2%',
  (text) => {
    const value = ratio(text);
    return value !== undefined && value <= 1 ? value : undefined;
  },
);

function magnitude(text: string): number | undefined {
  const [, digits, suffix = ''] = /^(\d[\d_]*(?:\.\d+)?(?:e\d+)?)([kKMG]?)$/.exec(text) ?? [];
  const value = Number((digits ?? '').replaceAll('_', '')) * (thousands[suffix] ?? Number.NaN);
  return digits !== undefined && Number.isFinite(value) ? value : undefined;
}

/** 2.3M is 2299999.9999999995 in floating point and means 2300000. */
function whole(value: number | undefined): number | undefined {
  if (value === undefined) return undefined;
  const rounded = Math.round(value);
  const isWhole = Math.abs(value - rounded) <= 1e-9 * Math.max(1, rounded);
  return isWhole && Number.isSafeInteger(rounded) ? rounded : undefined;
}

function atLeast(least: number, value: number | undefined): number | undefined {
  return value !== undefined && value >= least ? value : undefined;
}

function span(text: string): number | undefined {
  if (text === '0') return 0;
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return undefined;
  let sumMs = 0;
  for (const [, amount, unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    sumMs += Number(amount) * (millisecondsOf[unit] ?? Number.NaN);
  }
  return sumMs;
}

function ratio(text: string): number | undefined {
  const [, amount, sign] = /^(\d+(?:\.\d+)?|\.\d+)(\s*%)?$/.exec(text) ?? [];
  if (amount === undefined) return undefined;
  const value = sign === undefined ? Number(amount) : Number(amount) / 100;
  return sign === undefined && value > 1 ? undefined : value;
}

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
      (point, index) => point && point.atMs >= (points[index - 1]?.atMs ?? 0),
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
