import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  write2,
  write3,
  write4,
  write6,
  write8,
  writeGroup,
  writeV4,
  writeWhole,
} from './digits.ts';

const bytes = new Uint8Array(64);
const view = new DataView(bytes.buffer);
const text = (from: number, to: number): string =>
  Buffer.from(bytes.subarray(from, to)).toString('latin1');

test('a whole number is written as String writes it, up to the largest one', () => {
  const edges = Array.from({ length: 16 }, (_, digits) => 10 ** digits);
  const numbers = [0, 7, 2 ** 31 - 1, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER, 1_000_000_005];
  for (const value of [...numbers, ...edges, ...edges.map((edge) => edge - 1)]) {
    assert.equal(text(5, writeWhole(view, 5, value)), String(value));
  }
});

test('digits of a fixed number have zeros in front', () => {
  const writers = [write2, write3, write4, write6, write8];
  for (const [index, count] of [2, 3, 4, 6, 8].entries()) {
    for (const value of [0, 7, 10 ** (count - 1), 10 ** count - 1]) {
      writers[index]?.(view, 5, value);
      assert.equal(text(5, 5 + count), String(value).padStart(count, '0'));
    }
  }
});

test('addresses are written as people write them', () => {
  for (const address of ['0.0.0.0', '255.255.255.255', '8.31.104.9', '192.0.2.10']) {
    const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    assert.equal(text(5, writeV4(view, 5, number)), address);
  }
  for (const group of [0, 0xf, 0x10, 0xff, 0x100, 0xfff, 0x1000, 0xffff]) {
    assert.equal(text(5, writeGroup(view, 5, group)), `${group.toString(16)}:`);
  }
});
