import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { aggregate } from './aggregate.ts';
import { deaggregate } from './deaggregate.ts';
import { hashKeyToDecimal, partitionHash } from './hash-key.ts';
import type { AggregableRecord } from './open-aggregate.ts';

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
