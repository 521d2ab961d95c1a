import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instant } from './instant.ts';
import { choice, list, type Parser, pairs, path, text, url, yesNo } from './parser.ts';
import {
  count,
  duration,
  milliseconds,
  percentage,
  positive,
  positiveCount,
  rate,
  share,
  size,
} from './quantity.ts';
import { beginning, rateOrMax, stageList } from './rates.ts';
import { fault } from './stream-settings.ts';

type Row = readonly [written: string, value: unknown];

const good: ReadonlyArray<readonly [string, Parser<unknown>, readonly Row[]]> = [
  [
    'count',
    count,
    [
      ['0', 0],
      ['4', 4],
      ['10k', 10_000],
      ['2.3M', 2_300_000],
      ['1e6', 1e6],
      ['1_000', 1000],
      [' 7 ', 7],
    ],
  ],
  [
    'positiveCount',
    positiveCount,
    [
      ['1', 1],
      ['40k', 40_000],
    ],
  ],
  [
    'positive',
    positive,
    [
      ['0.5', 0.5],
      ['2k', 2000],
    ],
  ],
  [
    'rate',
    rate,
    [
      ['1000', 1000],
      ['5k/s', 5000],
      ['300/m', 5],
      ['3.6k/h', 1],
      ['0.5', 0.5],
    ],
  ],
  [
    'rateOrMax',
    rateOrMax,
    [
      ['max', Number.POSITIVE_INFINITY],
      ['1M/s', 1e6],
    ],
  ],
  [
    'duration',
    duration,
    [
      ['250ms', 250],
      ['30s', 30_000],
      ['1m30s', 90_000],
      ['1.5h', 5_400_000],
      ['1d', 86_400_000],
    ],
  ],
  [
    'milliseconds',
    milliseconds,
    [
      ['100', 100],
      ['30s', 30_000],
      ['0.5', 0.5],
    ],
  ],
  [
    'size',
    size,
    [
      ['51200', 51_200],
      ['50KiB', 51_200],
      ['1MB', 1_000_000],
      ['1.5 kib', 1536],
    ],
  ],
  [
    'percentage',
    percentage,
    [
      ['2%', 0.02],
      ['150%', 1.5],
      ['0.5', 0.5],
    ],
  ],
  [
    'share',
    share,
    [
      ['0.2%', 0.002],
      ['100%', 1],
      ['1', 1],
      ['0', 0],
    ],
  ],
  [
    'instant',
    instant,
    [
      ['1970-01-01T00:00:01Z', 1000],
      ['1970-01-01T01:00:00+01:00', 0],
      ['2024-02-29t00:00:00.5z', 1_709_164_800_500],
    ],
  ],
  ['text', text, [['a b', 'a b']]],
  [
    'path',
    path,
    [
      ['-', '-'],
      ['/a/b.json', '/a/b.json'],
    ],
  ],
  [
    'url',
    url,
    [
      ['http://127.0.0.1:4567', 'http://127.0.0.1:4567'],
      ['https://a.example/x', 'https://a.example/x'],
    ],
  ],
  [
    'yesNo',
    yesNo,
    [
      ['true', true],
      ['YES', true],
      ['on', true],
      ['1', true],
      ['false', false],
      ['No', false],
      ['off', false],
      ['0', false],
    ],
  ],
  ['choice', choice('json', 'human'), [['json', 'json']]],
  [
    'stageList',
    stageList,
    [
      [
        '0@0 5k@30s',
        [
          { perSecond: 0, atMs: 0 },
          { perSecond: 5000, atMs: 30_000 },
        ],
      ],
      [
        '1@0,2@1s',
        [
          { perSecond: 1, atMs: 0 },
          { perSecond: 2, atMs: 1000 },
        ],
      ],
    ],
  ],
  [
    'beginning',
    beginning,
    [
      ['latest', 'latest'],
      ['trim-horizon', 'trim-horizon'],
      ['1970-01-01T00:00:01Z', { timestamp: 1000 }],
    ],
  ],
  ['fault', fault, [['throttle:20%', { kind: 'throttle', share: 0.2 }]]],
];

const bad: ReadonlyArray<readonly [string, Parser<unknown>, readonly string[]]> = [
  [
    'count',
    count,
    ['', '-1', '1.5', 'k', '5q', '0x10', '1e400', '9007199254740993', 'Infinity', 'NaN', '1 000'],
  ],
  ['positiveCount', positiveCount, ['0', '0.4k%']],
  ['positive', positive, ['0', '-1']],
  ['rate', rate, ['0', '5/d', '5k/', '/s', 'max', '-5/s']],
  ['rateOrMax', rateOrMax, ['MAX!', '0']],
  ['duration', duration, ['', '30', '5 s', '-5s', '5y', 's']],
  ['milliseconds', milliseconds, ['', '-1', '1,5', '5y']],
  ['size', size, ['', '5TB', '0.5', '-1', 'KiB']],
  ['percentage', percentage, ['1.5', '-2%', '%', '2 percent']],
  ['share', share, ['101%', '1.1', '-0.1']],
  [
    'instant',
    instant,
    [
      '2026-11-23',
      '2026-11-23T15:00:00',
      '2026-02-30T00:00:00Z',
      '2026-13-01T00:00:00Z',
      '2026-11-23T25:00:00Z',
      'now',
      '1700000000',
    ],
  ],
  ['text', text, ['', '  ']],
  ['path', path, ['']],
  ['url', url, ['', '127.0.0.1:4567', 'ftp://a', 'http://', 'http:///x', 'http://a:99999']],
  ['yesNo', yesNo, ['', 'maybe', '2']],
  ['choice', choice('json', 'human'), ['', 'JSON', 'jsno', 'constructor']],
  [
    'stageList',
    stageList,
    ['', '5k', '5k@', '@5s', '5@10s 6@5s', '0@0 0@5s', '5@1s@2s', '5@0 nonsense'],
  ],
  ['beginning', beginning, ['', 'earliest', '2026-11-23']],
];

for (const [name, { read }, rows] of good) {
  test(`${name} reads ${rows.map(([written]) => `"${written}"`).join(', ')}`, () => {
    for (const [written, value] of rows) assert.deepEqual(read([written]), value, written);
  });
}

for (const [name, { read }, rows] of bad) {
  test(`${name} refuses ${rows.map((written) => `"${written}"`).join(', ')}`, () => {
    for (const written of rows) assert.equal(read([written]), undefined, written);
  });
}

test('what a parser gives as an example it can read', () => {
  for (const [name, { read, example }] of good) {
    if (name === 'text' || name === 'path') continue;
    const unquoted = example.replace(/^"|"$/g, '');
    assert.notEqual(read([unquoted]), undefined, `${name}: ${example}`);
  }
});

test('of a value that is given twice the last counts', () => {
  assert.equal(count.read(['1', '2']), 2);
});

test('a list takes every value in order and refuses all for one bad', () => {
  assert.deepEqual(list(count).read(['3', '1k']), [3, 1000]);
  assert.deepEqual(list(count).read([]), []);
  assert.equal(list(count).read(['3', 'x']), undefined);
});

test('pairs are names with values, and no name comes twice', () => {
  const { read } = pairs(positiveCount);
  assert.deepEqual(
    read(['a:1', ' b:2k ']),
    new Map([
      ['a', 1],
      ['b', 2000],
    ]),
  );
  for (const texts of [['a'], ['a:'], [':1'], ['a:0'], ['a:1', 'a:2']]) {
    assert.equal(read(texts), undefined, texts.join(' '));
  }
});
