import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FraudstreamError } from '../errors.ts';
import { deaggregate } from './deaggregate.ts';
import { type AggregableRecord, OpenAggregate, PartitionKeyMark } from './open-aggregate.ts';

const record = (partitionKey: string, dataBytes: number): AggregableRecord => ({
  partitionKey,
  data: Buffer.alloc(dataBytes, partitionKey || '-'),
});

test('its size is what it encodes to, after each record', () => {
  const open = new OpenAggregate(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  const keys = ['a', 'a', 'käse', '', 'k'.repeat(127), 'k'.repeat(128), 'é'.repeat(100)];
  for (let i = 0; i < 400; i += 1) {
    const partitionKey = keys[i] ?? `${i}`;
    const hash = i % 3 === 0 ? { explicitHashKey: `${i % 7}` } : {};
    open.tryAdd({ ...record(partitionKey, (i * 37) % 300), ...hash });
    assert.equal(open.encode().length, open.sizeBytes, `after record ${i}`);
  }
});

test('a key is listed once, however often it comes back', () => {
  const open = new OpenAggregate(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  for (let i = 0; i < 5; i += 1) open.tryAdd({ ...record('card', 0), explicitHashKey: '12345' });
  const text = open.encode().toString('latin1');
  assert.equal(text.split('card').length - 1, 1);
  assert.equal(text.split('12345').length - 1, 1);
});

test('marks of keys change no byte of an aggregate, with and without explicit hash keys', () => {
  const marks = Array.from({ length: 13 }, () => new PartitionKeyMark());
  // As in two shards: a key is in one of them, and in both with explicit hash keys.
  const marked = [new OpenAggregate(2_000, 50), new OpenAggregate(2_000, 50)];
  const plain = [new OpenAggregate(2_000, 50), new OpenAggregate(2_000, 50)];
  let sealed = 0;
  for (let i = 0; i < 4_000; i += 1) {
    const key = (i * 7) % 13;
    const hasHash = i % 600 > 300 && i % 3 === 0;
    const hash = hasHash ? { explicitHashKey: `${i % 5}` } : {};
    const added = { ...record(`kä${key}`, i % 40), ...hash };
    const shard = (hasHash ? i : key) % 2;
    const isTaken = marked[shard]?.tryAdd(added, marks[key]);
    assert.equal(isTaken, plain[shard]?.tryAdd(added));
    if (isTaken) continue;
    sealed += 1;
    assert.deepEqual(marked[shard]?.encode(), plain[shard]?.encode());
    marked[shard] = new OpenAggregate(2_000, 50);
    plain[shard] = new OpenAggregate(2_000, 50);
  }
  assert.ok(sealed > 50);
});

test('a record is taken up to the last byte of the limit and not beyond', () => {
  const probe = new OpenAggregate(Number.POSITIVE_INFINITY, 2);
  probe.tryAdd(record('a', 10));
  probe.tryAdd(record('b', 10));
  for (const [limitBytes, isTaken] of [
    [probe.sizeBytes, true],
    [probe.sizeBytes - 1, false],
  ] as const) {
    const open = new OpenAggregate(limitBytes, 2);
    open.tryAdd(record('a', 10));
    assert.equal(open.tryAdd(record('b', 10)), isTaken, `limit ${limitBytes}`);
  }
});

test('a record that is not taken leaves no trace', () => {
  const open = new OpenAggregate(100, 10);
  open.tryAdd(record('a', 10));
  const before = open.encode();
  assert.equal(open.tryAdd({ ...record('b', 100), explicitHashKey: '1' }), false);
  assert.deepEqual(open.encode(), before);
  assert.equal(open.count, 1);
  assert.equal(open.sizeBytes, before.length);
});

test('an empty one takes a record beyond its limits', () => {
  const open = new OpenAggregate(64, 0);
  assert.equal(open.tryAdd(record('a', 1000)), true);
  assert.equal(open.tryAdd(record('a', 0)), false);
});

test('no more than the wanted count is taken', () => {
  const open = new OpenAggregate(51_200, 3);
  const taken = ['a', 'b', 'c', 'd'].map((key) => open.tryAdd(record(key, 1)));
  assert.deepEqual(taken, [true, true, true, false]);
});

test('it can be encoded, filled further and encoded again', () => {
  const open = new OpenAggregate(51_200, 10);
  open.tryAdd(record('a', 1));
  const first = open.encode();
  open.tryAdd(record('b', 1));
  assert.deepEqual(deaggregate(first), { kind: 'aggregate', records: [record('a', 1)] });
  assert.deepEqual(deaggregate(open.encode()), {
    kind: 'aggregate',
    records: [record('a', 1), record('b', 1)],
  });
});

test('an empty one has no first record', () => {
  assert.throws(() => new OpenAggregate(51_200, 10).first, FraudstreamError);
});
