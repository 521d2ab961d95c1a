import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeFloat } from './number-text.ts';

const into = new Uint8Array(64);
function textOf(value: number): string {
  return Buffer.from(into.subarray(0, writeFloat(value, into, 0))).toString('latin1');
}

/** The shortest digits by trying every precision. */
function digitsNeeded(value: number): number {
  let precision = 1;
  while (Math.fround(Number(value.toPrecision(precision))) !== value) precision += 1;
  return value
    .toPrecision(precision)
    .replace(/e.*|[-.]/g, '')
    .replace(/^0+|0+$/g, '').length;
}

const digitsOf = (text: string): number =>
  text.replace(/e.*|[-.]/g, '').replace(/^0+|0+$/g, '').length;

test('numbers are written as a person would', () => {
  for (const [value, text] of [
    [0, '0'],
    [-0, '-0'],
    [7, '7'],
    [-12, '-12'],
    [16_777_215, '16777215'],
    [0.5, '0.5'],
    [0.1, '0.1'],
    [-2.75, '-2.75'],
    [1234.5, '1234.5'],
    [0.001, '0.001'],
    [1e-10, '1e-10'],
    [3e38, '3e+38'],
    [Number.POSITIVE_INFINITY, 'inf'],
    [Number.NaN, 'nan'],
  ] as const) {
    assert.equal(textOf(Math.fround(value)), text);
  }
});

test('every float reads back as itself, in as few digits as can be', () => {
  const bits = new Uint32Array(1);
  const float = new Float32Array(bits.buffer);
  let state = 42;
  for (let round = 0; round < 200_000; round += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    // Half of them of the sizes that features have, half of any bits.
    bits[0] = round % 2 === 0 ? state : (state & 0x807fffff) | ((120 + (state % 24)) << 23);
    const value = float[0] as number;
    if (!Number.isFinite(value)) continue;
    const text = textOf(value);
    assert.equal(Math.fround(Number(text)), value, text);
    assert.ok(digitsOf(text) <= digitsNeeded(value) + 1, `${text} for ${value}`);
  }
});
