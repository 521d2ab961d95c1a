import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../../generators/numbers/random.ts';
import { NumberReader } from './request-rows.ts';

const COMMA = 0x2c;
const read = (text: string): number => new NumberReader(Buffer.from(text), COMMA).next();
const random = new Random(5, 0);
const digits = (count: number): string =>
  Array.from({ length: count }, () => random.below(10)).join('');

/** Numbers as they come in practice: whole, with decimals, small, large, with an exponent. */
function written(): string {
  const sign = random.chance(0.3) ? '-' : '';
  const before = digits(random.below(10));
  const after = digits(random.below(12));
  const body = after === '' ? before || '0' : `${before}.${after}`;
  const exponent = random.chance(0.2) ? `e${random.below(80) - 40}` : '';
  return `${sign}${body}${exponent}`;
}

test('a number is read as Number reads its text, over 200,000 random ones', () => {
  for (let time = 0; time < 200_000; time += 1) {
    const text = written();
    assert.equal(read(text), Number(text), text);
  }
});

test('a float32 in nine digits is read back as the same float32', () => {
  const bits = new Int32Array(1);
  const floats = new Float32Array(bits.buffer);
  for (let time = 0; time < 100_000; time += 1) {
    bits[0] = random.bits();
    const value = floats[0] as number;
    if (!Number.isFinite(value)) continue;
    assert.equal(Math.fround(read(value.toPrecision(9))), value);
  }
});

const edges: readonly (readonly [string, number])[] = [
  ['-0', -0],
  ['+1.5', 1.5],
  ['.5', 0.5],
  ['5.', 5],
  [' 1 ', 1],
  ['1\r', 1],
  ['', Number.NaN],
  ['nan', Number.NaN],
  ['-NaN', Number.NaN],
  ['999999999999999', 999999999999999],
  ['9007199254740993', 9007199254740992],
  ['0.30000000000000004', 0.30000000000000004],
  ['123456789012345678901234567890', 1.2345678901234568e29],
  ['1e400', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['1_000.5_0', 1000.5],
];
for (const [text, value] of edges) {
  test(`${JSON.stringify(text)} is read as ${value}`, () => assert.equal(read(text), value));
}

for (const text of [
  'abc',
  '1.2.3',
  '1-2',
  '--1',
  '0x10',
  '1e',
  '.',
  '-',
  '1 2',
  '1__000',
  '_1',
  ' ',
]) {
  test(`${JSON.stringify(text)} is no number, and the error quotes it`, () => {
    assert.throws(() => read(text), {
      name: 'RangeError',
      message: `could not convert string to float: ${JSON.stringify(text)}`,
    });
  });
}

test('cells are read one after the other, up to a delimiter or a newline', () => {
  const bytes = Buffer.from('1,,3.5\n-4');
  const reader = new NumberReader(bytes, COMMA);
  const seen: unknown[] = [];
  while (reader.at <= bytes.length) {
    seen.push(reader.next(), bytes[reader.at]);
    reader.at += 1;
  }
  assert.deepEqual(seen, [1, COMMA, Number.NaN, COMMA, 3.5, 0x0a, -4, undefined]);
});
