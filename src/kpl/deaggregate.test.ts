import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { aggregate } from './aggregate.ts';
import { deaggregate } from './deaggregate.ts';

const magic = Buffer.from('f3899ac2', 'hex');
const whole = aggregate([
  { partitionKey: 'pk1', data: Buffer.from('one') },
  { partitionKey: 'pk2', explicitHashKey: '5', data: Buffer.from('two') },
]);
const message = whole.subarray(4, -16);

/** An aggregate with a right MD5, whatever the message. */
function sealed(bytes: Uint8Array): Buffer {
  return Buffer.concat([magic, bytes, createHash('md5').update(bytes).digest()]);
}

const hex = (text: string): Buffer => sealed(Buffer.from(text.replaceAll(' ', ''), 'hex'));

/** Numbers that look random and are the same in every run. Source: Numerical Recipes, LCG. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test('data that does not begin with the magic is plain', () => {
  for (const data of [Buffer.alloc(0), Buffer.from('{"a":1}'), magic.subarray(0, 3)]) {
    assert.deepEqual(deaggregate(data), { kind: 'plain' });
  }
});

test('a truncated aggregate is plain, short or of another MD5, by how much is left', () => {
  for (let length = 0; length < whole.length; length += 1) {
    const expected =
      length < 4 ? { kind: 'plain' } : { kind: 'damaged', reason: length <= 20 ? 'short' : 'md5' };
    assert.deepEqual(deaggregate(whole.subarray(0, length)), expected, `${length} bytes`);
  }
});

test('any flipped bit is noticed', () => {
  for (let bit = 0; bit < whole.length * 8; bit += 1) {
    const flipped = Buffer.from(whole);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const expected = bit < 32 ? { kind: 'plain' } : { kind: 'damaged', reason: 'md5' };
    assert.deepEqual(deaggregate(flipped), expected, `bit ${bit}`);
  }
});

test('a message under a right MD5 that cannot be read is damaged as protobuf', () => {
  for (const [why, data] of [
    ['a field ends past the message', hex('0a 05 61')],
    ['a tag without a value', hex('0a')],
    ['field number 0', hex('02 00')],
    ['a group, which nobody writes', hex('23 24')],
    ['a varint of eleven bytes', hex('28 ff ff ff ff ff ff ff ff ff ff 01')],
    ['a record without a key index', hex('0a 01 61 1a 03 1a 01 78')],
    ['a record without data', hex('0a 01 61 1a 02 08 00')],
    ['a record whose data ends past the record', hex('0a 01 61 1a 05 08 00 1a 02 78')],
    ['eight bytes of which four are there', hex('29 00 00 00 00')],
  ] as const) {
    assert.deepEqual(deaggregate(data), { kind: 'damaged', reason: 'protobuf' }, why);
  }
});

test('a record that names a key outside the tables is damaged as index', () => {
  for (const [why, data] of [
    ['no partition key listed', hex('1a 05 08 00 1a 01 78')],
    ['partition key 1 of 1', hex('0a 01 61 1a 05 08 01 1a 01 78')],
    ['hash key 0 of none', hex('0a 01 61 1a 07 08 00 10 00 1a 01 78')],
    ['partition key 2^32', hex('0a 01 61 1a 09 08 80 80 80 80 10 1a 01 78')],
    ['partition key 2^64-1', hex('0a 01 61 1a 0e 08 ff ff ff ff ff ff ff ff ff 01 1a 01 78')],
  ] as const) {
    assert.deepEqual(deaggregate(data), { kind: 'damaged', reason: 'index' }, why);
  }
});

test('fields that a later version may add are stepped over', () => {
  const known = [{ partitionKey: 'a', data: Buffer.from('x') }];
  for (const data of [
    hex('0a 01 61 1a 05 08 00 1a 01 78 28 96 01 32 01 00 39 0000000000000000 45 00000000'),
    hex('0a 01 61 1a 0a 08 00 1a 01 78 22 03 0a 01 6b'),
  ]) {
    assert.deepEqual(deaggregate(data), { kind: 'aggregate', records: known });
  }
});

test('tables may follow the records that name them', () => {
  const records = [{ partitionKey: 'a', explicitHashKey: '5', data: Buffer.from('x') }];
  const data = hex('1a 07 08 00 10 00 1a 01 78 12 01 35 0a 01 61');
  assert.deepEqual(deaggregate(data), { kind: 'aggregate', records });
});

test('a damaged message under a right MD5 is read or refused, and nothing is thrown', () => {
  const random = seeded(1);
  const kinds = new Set<string>();
  for (let round = 0; round < 20_000; round += 1) {
    const bent = Buffer.from(message);
    const flips = 1 + Math.floor(random() * 4);
    for (let flip = 0; flip < flips; flip += 1) {
      bent[Math.floor(random() * bent.length)] = Math.floor(random() * 256);
    }
    const parts = deaggregate(sealed(bent.subarray(0, 1 + Math.floor(random() * bent.length))));
    kinds.add(parts.kind === 'damaged' ? parts.reason : parts.kind);
  }
  assert.deepEqual([...kinds].sort(), ['aggregate', 'index', 'protobuf']);
});

test('garbage behind the magic is damaged, and nothing is thrown', () => {
  const random = seeded(2);
  for (let round = 0; round < 5_000; round += 1) {
    const garbage = Buffer.alloc(round % 300).map(() => Math.floor(random() * 256));
    const expected = { kind: 'damaged', reason: garbage.length <= 16 ? 'short' : 'md5' };
    assert.deepEqual(deaggregate(Buffer.concat([magic, garbage])), expected);
    const parts = deaggregate(sealed(Buffer.concat([Buffer.of(0x1a), garbage])));
    assert.ok(['aggregate', 'damaged'].includes(parts.kind));
  }
});

test('the data of a record is a view of the input, not a copy', () => {
  const parts = deaggregate(new Uint8Array(whole));
  assert.equal(parts.kind, 'aggregate');
  const held = Buffer.from(whole);
  const again = deaggregate(held);
  assert.ok(again.kind === 'aggregate' && again.records[0]?.data.buffer === held.buffer);
});
