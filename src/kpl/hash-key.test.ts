import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { FraudstreamError } from '../errors.ts';
import {
  compareHashKeys,
  hashKeyFromDecimal,
  hashKeyToDecimal,
  partitionHash,
} from './hash-key.ts';

const md5 = (key: string): string =>
  BigInt(`0x${createHash('md5').update(key, 'utf8').digest('hex')}`).toString();

test('a partition key of any length hashes to the MD5 of its bytes', () => {
  for (let length = 0; length <= 256; length += 1) {
    const key = 'abcdefghijklmnopqrstuvwxyz0123456789'.repeat(8).slice(0, length);
    assert.equal(hashKeyToDecimal(partitionHash(key)), md5(key), `length ${length}`);
  }
});

test('a partition key in any script hashes to the MD5 of its UTF-8', () => {
  for (const key of ['käse', '卡', '💳💳', '\u007f', '\u0080', 'é'.repeat(55), '\u0000']) {
    assert.equal(hashKeyToDecimal(partitionHash(key)), md5(key), JSON.stringify(key));
  }
});

test('a hash key survives the way to decimal and back', () => {
  for (const text of ['0', '1', '4294967296', `${2n ** 127n}`, `${2n ** 128n - 1n}`]) {
    assert.equal(hashKeyToDecimal(hashKeyFromDecimal(text)), text);
  }
});

test('text that is no decimal from 0 to 2^128-1 is refused as bad data', () => {
  for (const text of ['', '-1', '1.5', '0x10', '01', ' 1', '1e3', '١', `${2n ** 128n}`]) {
    assert.throws(
      () => hashKeyFromDecimal(text),
      (error) => error instanceof FraudstreamError && error.code === 'bad-data',
      JSON.stringify(text),
    );
  }
});

test('hash keys stand in the order of the numbers they are', () => {
  const ascending = [0n, 1n, 2n ** 31n, 2n ** 32n, 2n ** 63n, 2n ** 96n + 1n, 2n ** 128n - 1n].map(
    (value) => hashKeyFromDecimal(`${value}`),
  );
  for (const [i, a] of ascending.entries()) {
    for (const [j, b] of ascending.entries()) {
      assert.equal(Math.sign(compareHashKeys(a, b)), Math.sign(i - j), `${a} against ${b}`);
    }
  }
});
