import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, count, percent, perSecond, short, span } from './format.ts';

const cases: readonly (readonly [string, string])[] = [
  [count(1_234_567), '1,234,567'],
  [count(999.5), '1,000'],
  [count(-12_345), '-12,345'],
  [count(12_345_678_901), '12,345,678,901'],
  [short(0), '0'],
  [short(12), '12'],
  [short(0.5), '0.50'],
  [short(999), '999'],
  [short(999.6), '1.00 k'],
  [short(12_345), '12.3 k'],
  [short(999_999), '1.00 M'],
  [bytes(51_200), '51.2 kB'],
  [perSecond(594_250), '594 k/s'],
  [span(0.123), '0.12 ms'],
  [span(99.97), '100 ms'],
  [span(2_500), '2.50 s'],
  [span(754_000), '12m34s'],
  [span(7_260_000), '2h01m'],
  [percent(0.1234), '12.3 %'],
  [percent(1), '100 %'],
];

test('numbers are written for people, in at most three digits', () => {
  for (const [actual, expected] of cases) assert.equal(actual, expected);
});
