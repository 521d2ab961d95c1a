import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byReading, endOfInstant, firstOf, type ReadRecord } from './read-order.ts';

/** Records of three instants, a to c; the number says when each was read. */
const records = ['a3', 'a1', 'a2', 'b9', 'b4', 'b7', 'b5', 'c6', 'c8'].map(
  (text): ReadRecord => ({
    record: {
      shardId: 'shardId-000000000000',
      sequenceNumber: text,
      subSequenceNumber: undefined,
      explicitHashKey: undefined,
      partitionKey: '',
      data: new Uint8Array(),
      arrivedAt: 0,
      isInRange: true,
    },
    ...{ parsed: undefined, problem: '', readAt: 0 },
    eventAt: text.charCodeAt(0),
    readIndex: Number(text[1]),
  }),
);
const textsOf = (some: readonly ReadRecord[]): string =>
  some.map(({ record }) => record.sequenceNumber).join(' ');

test('a cut between two instants takes what stands before it', () => {
  assert.equal(textsOf(firstOf(records, 3)), 'a3 a1 a2');
  assert.equal(textsOf(firstOf(records, 0)), '');
  assert.equal(firstOf(records, 9), records);
});

test('a cut in an instant takes those of it that were read first, in the order of the turn', () => {
  assert.equal(textsOf(firstOf(records, 5)), 'a3 a1 a2 b4 b5');
  assert.equal(textsOf(firstOf(records, 1)), 'a1');
  assert.equal(textsOf(firstOf(records, 8)), 'a3 a1 a2 b9 b4 b7 b5 c6');
});

test('no instant ends before its last record', () => {
  const ends = [0, 1, 2, 3, 4, 7, 8, 9, 20].map((from) => endOfInstant(records, from));
  assert.deepEqual(ends, [0, 3, 3, 3, 7, 7, 9, 9, 9]);
  assert.equal(textsOf([...records].sort(byReading).slice(0, 2)), 'a1 a2');
});
