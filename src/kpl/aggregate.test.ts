import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { aggregate, type OuterRecord, outerRecord } from './aggregate.ts';
import { deaggregate } from './deaggregate.ts';
import { hashKeyToDecimal, partitionHash } from './hash-key.ts';
import { type AggregableRecord, OpenAggregate } from './open-aggregate.ts';

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

interface Vectors {
  readonly aggregates: readonly {
    readonly name: string;
    readonly records: readonly {
      readonly partitionKey: string;
      readonly explicitHashKey?: string;
      readonly dataHex: string;
    }[];
    readonly hex: string;
  }[];
  readonly partitionHashes: readonly { readonly partitionKey: string; readonly hashKey: string }[];
}

const fixture = join(import.meta.dirname, '..', '..', 'fixtures', 'kpl', 'vectors.json');
const vectors: Vectors = JSON.parse(readFileSync(fixture, 'utf8'));
const golden = vectors.aggregates.map(({ name, records, hex }) => ({
  name,
  hex,
  records: records.map(
    ({ dataHex, ...keys }): AggregableRecord => ({ ...keys, data: Buffer.from(dataHex, 'hex') }),
  ),
}));

for (const { name, records, hex } of golden) {
  test(`written as another implementation writes it: ${name}`, () => {
    assert.equal(aggregate(records).toString('hex'), hex);
  });

  test(`read as another implementation meant it: ${name}`, () => {
    assert.deepEqual(deaggregate(Buffer.from(hex, 'hex')), { kind: 'aggregate', records });
  });
}

for (const { partitionKey, hashKey } of vectors.partitionHashes) {
  test(`the partition key ${partitionKey} hashes to where Kinesis puts it`, () => {
    assert.equal(hashKeyToDecimal(partitionHash(partitionKey)), hashKey);
  });
}

test('what was aggregated comes back, whatever its keys and data', () => {
  const records: readonly AggregableRecord[] = [
    { partitionKey: '__proto__', data: Buffer.alloc(0) },
    { partitionKey: 'constructor', explicitHashKey: '0', data: Buffer.from('x') },
    { partitionKey: '💳'.repeat(128), data: Buffer.alloc(127) },
    { partitionKey: 'k'.repeat(256), data: Buffer.alloc(128) },
    { partitionKey: '7', data: Buffer.alloc(16_384) },
    { partitionKey: '007', explicitHashKey: '7', data: Buffer.alloc(1_048_576) },
    { partitionKey: '7', data: Buffer.alloc(3_145_728) },
    { partitionKey: '__proto__', data: Buffer.from('f3899ac2', 'hex') },
  ];
  assert.deepEqual(deaggregate(aggregate(records)), { kind: 'aggregate', records });
});

test('more keys than one byte of an index can number come back', () => {
  const records = Array.from({ length: 20_000 }, (_, i) => ({
    partitionKey: `card-${i}`,
    explicitHashKey: `${i}`,
    data: Buffer.from(`${i}`),
  }));
  assert.deepEqual(deaggregate(aggregate(records)), { kind: 'aggregate', records });
});
