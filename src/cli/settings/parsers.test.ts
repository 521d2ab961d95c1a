import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choice, list, type Parser, pairs, path, text, url, yesNo } from './parsers.ts';
import { count, positiveCount } from './quantities.ts';

const rows: ReadonlyArray<
  readonly [string, Parser<unknown>, ReadonlyMap<string, unknown>, readonly string[]]
> = [
  ['text', text, new Map([['a b', 'a b']]), ['', '  ']],
  ['path', path, new Map([['-', '-']]), ['']],
  [
    'url',
    url,
    new Map([
      ['http://127.0.0.1:4567', 'http://127.0.0.1:4567'],
      ['https://a.example/x', 'https://a.example/x'],
    ]),
    ['', '127.0.0.1:4567', 'ftp://a', 'http://', 'http:///x', 'http://a:99999'],
  ],
  [
    'yesNo',
    yesNo,
    new Map([
      ...['true', 'YES', 'on', '1'].map((word) => [word, true] as const),
      ...['false', 'No', 'off', '0'].map((word) => [word, false] as const),
    ]),
    ['', 'maybe', '2'],
  ],
  [
    'choice',
    choice('json', 'human'),
    new Map([['json', 'json']]),
    ['', 'JSON', 'jsno', 'constructor'],
  ],
];

for (const [name, { read }, good, bad] of rows) {
  test(`${name} reads ${[...good.keys()].join(', ')}`, () => {
    for (const [written, value] of good) assert.equal(read([written]), value, written);
  });
  test(`${name} refuses ${bad.map((written) => `"${written}"`).join(', ')}`, () => {
    for (const written of bad) assert.equal(read([written]), undefined, written);
  });
}

test('of a value that is given twice the last counts', () => {
  assert.equal(count.read(['1', '2']), 2);
});

test('a list takes every value in order and refuses all for one bad', () => {
  assert.deepEqual(list(count).read(['3', '1k']), [3, 1000]);
  assert.deepEqual(list(count).read([]), []);
  assert.equal(list(count).read(['3', 'x']), undefined);
});

test('pairs are names with values, and no name comes twice', () => {
  const { read } = pairs(positiveCount, 'a:1');
  const expected = Object.entries({ a: 1, b: 2000 });
  assert.deepEqual(read(['a:1', ' b=2k ']), new Map(expected));
  assert.deepEqual(read(['a:1,b:2k']), new Map(expected));
  for (const texts of [['a'], ['a:'], [':1'], ['a:0'], ['a:1', 'a:2'], ['a:1,'], ['a:1,a:2']]) {
    assert.equal(read(texts), undefined, texts.join(' '));
  }
});

test('a value of a pair may have commas where it is a text', () => {
  assert.deepEqual(pairs(text, 'a:b').read(['accept:a/b,c:d']), new Map([['accept', 'a/b,c:d']]));
});
