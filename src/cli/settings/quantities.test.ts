import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Parser } from './parsers.ts';
import {
  beginning,
  count,
  duration,
  instant,
  milliseconds,
  percentage,
  port,
  positive,
  positiveCount,
  rate,
  rateOrMax,
  share,
  size,
  stageList,
} from './quantities.ts';

/** What each reads as what, and what it refuses. */
const rows: ReadonlyArray<
  readonly [string, Parser<unknown>, Readonly<Record<string, unknown>>, readonly string[]]
> = [
  [
    'count',
    count,
    { '0': 0, ' 7 ': 7, '10k': 10_000, '2.3M': 2_300_000, '1e6': 1e6, '1_000': 1000 },
    ['', '-1', '1.5', 'k', '5q', '0x10', '1e400', '9007199254740993', 'Infinity', 'NaN', '1 000'],
  ],
  ['port', port, { '0': 0, ' 8080 ': 8080, '65535': 65_535 }, ['', '65536', '-1', '8k', '80.5']],
  ['positiveCount', positiveCount, { '1': 1, '40k': 40_000 }, ['0', '-1', '0.0004k']],
  ['positive', positive, { '0.5': 0.5, '2k': 2000 }, ['0', '-1', 'max']],
  [
    'rate',
    rate,
    {
      ...{ '1000': 1000, '5k/s': 5000, '300/m': 5, '3.6k/h': 1, '0.5': 0.5 },
      ...{
        '1000rps': 1000,
        '5k tps': 5000,
        '300/min': 5,
        '6k / minute': 100,
        '2/sec': 2,
        '1/second': 1,
      },
      '3600/hour': 1,
    },
    ['0', '5/d', '5k/', '/s', 'max', '-5/s', '5/s/s', 'rps', '5kps', '5/month', '5/constructor'],
  ],
  ['rateOrMax', rateOrMax, { max: Number.POSITIVE_INFINITY, '1M/s': 1e6 }, ['MAX', '0', '']],
  [
    'duration',
    duration,
    {
      '250ms': 250,
      '30s': 30_000,
      '1m30s': 90_000,
      '1.5h': 5_400_000,
      '1d': 86_400_000,
      '0': 0,
      '0s': 0,
    },
    ['', '30', '5 s', '-5s', '5y', 's', '00', '-0'],
  ],
  [
    'milliseconds',
    milliseconds,
    { '100': 100, '30s': 30_000, '0.5': 0.5 },
    ['', '-1', '1,5', '5y'],
  ],
  [
    'size',
    size,
    { '51200': 51_200, '50KiB': 51_200, '1MB': 1_000_000, '1.5 kib': 1536 },
    ['', '5TB', '0.5', '-1', 'KiB'],
  ],
  ['percentage', percentage, { '2%': 0.02, '150%': 1.5, '0.5': 0.5 }, ['1.5', '-2%', '%', '2 pc']],
  ['share', share, { '0.2%': 0.002, '100%': 1, '1': 1, '0': 0 }, ['101%', '1.1', '-0.1']],
  [
    'instant',
    instant,
    {
      '1970-01-01T00:00:01Z': 1000,
      '1970-01-01T01:00:00+01:00': 0,
      '2024-02-29t00:00:00.5z': 1_709_164_800_500,
      '2026-03-01': 1_772_323_200_000,
    },
    [
      '2026-02-30',
      '2026-13-01',
      '2026-3-1',
      '2026-11-23T15:00:00',
      '2026-02-30T00:00:00Z',
      '2026-11-23T25:00:00Z',
      'now',
    ],
  ],
  [
    'stageList',
    stageList,
    {
      '0@0 5k@30s': [
        { perSecond: 0, atMs: 0 },
        { perSecond: 5000, atMs: 30_000 },
      ],
      '1@0,2@1s': [
        { perSecond: 1, atMs: 0 },
        { perSecond: 2, atMs: 1000 },
      ],
    },
    ['', '5k', '5k@', '@5s', '5@10s 6@5s', '0@0 0@5s', '5@1s@2s', '5@0 nonsense'],
  ],
  [
    'beginning',
    beginning,
    {
      latest: 'latest',
      'trim-horizon': 'trim-horizon',
      '1970-01-01T00:00:01Z': { timestamp: 1000 },
      '1970-01-02': { timestamp: 86_400_000 },
    },
    ['', 'earliest', '2026-11'],
  ],
];

for (const [name, { read, example }, good, bad] of rows) {
  test(`${name} reads ${Object.keys(good).join(', ')}`, () => {
    for (const [written, value] of Object.entries(good)) {
      assert.deepEqual(read([written]), value, written);
    }
  });
  test(`${name} refuses ${bad.map((written) => `"${written}"`).join(', ')}`, () => {
    for (const written of bad) assert.equal(read([written]), undefined, written);
  });
  test(`${name} reads its own example`, () => {
    assert.notEqual(read([example.replace(/^"|"$/g, '')]), undefined, example);
  });
}
