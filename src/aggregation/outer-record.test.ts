import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deaggregate } from './deaggregate.ts';
import { type AggregableRecord, OpenAggregate } from './open-aggregate.ts';
import { type OuterRecord, outerRecord } from './outer-record.ts';

function seal(...records: readonly AggregableRecord[]): OuterRecord {
  const open = new OpenAggregate(51_200, 100);
  for (const record of records) open.tryAdd(record);
  return outerRecord(open);
}

const data = Buffer.from('{"amount_minor":1}');
const magic = Buffer.from('f3899ac2', 'hex');

test('a lone record goes as it is, under its own partition key', () => {
  const outer = seal({ partitionKey: 'card-1', data });
  assert.deepEqual(outer, { partitionKey: 'card-1', data, isAggregate: false });
});

test('a lone record keeps the explicit hash key that the user gave', () => {
  const outer = seal({ partitionKey: 'card-1', explicitHashKey: '5', data });
  assert.deepEqual(outer, {
    partitionKey: 'card-1',
    explicitHashKey: '5',
    data,
    isAggregate: false,
  });
});

test('two records go under the key a, placed by the partition key of the first', () => {
  const { data: bytes, ...outer } = seal(
    { partitionKey: 'pk1', data },
    { partitionKey: 'pk2', explicitHashKey: '5', data },
  );
  assert.deepEqual(outer, {
    partitionKey: 'a',
    explicitHashKey: '329398341438914906102347661116985167824',
    isAggregate: true,
  });
  assert.equal(deaggregate(bytes).kind, 'aggregate');
});

test('two records are placed by the explicit hash key of the first, where it has one', () => {
  const outer = seal(
    { partitionKey: 'pk1', explicitHashKey: '5', data },
    { partitionKey: 'pk2', data },
  );
  assert.equal(outer.explicitHashKey, '5');
});

test('a lone record that begins like an aggregate goes wrapped, so that it is read as it was', () => {
  for (const lookalike of [magic, Buffer.concat([magic, data])]) {
    const record = { partitionKey: 'pk1', data: lookalike };
    const outer = seal(record);
    assert.equal(outer.isAggregate, true);
    assert.equal(outer.explicitHashKey, '329398341438914906102347661116985167824');
    assert.deepEqual(deaggregate(outer.data), { kind: 'aggregate', records: [record] });
  }
});
