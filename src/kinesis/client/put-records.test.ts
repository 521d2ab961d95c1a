import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PutRecordsEntry } from '../put-client.ts';
import { packEntries, unpackEntries } from './entry-transfer.ts';
import { putBody } from './put-records.ts';

const large = Buffer.from('a view of a much larger buffer');
const entries: readonly PutRecordsEntry[] = [
  { partitionKey: 'a', explicitHashKey: '340282366920938463463374607431768211455', data: large },
  { partitionKey: 'quotes " and \\ and \u0007', data: large.subarray(2, 6) },
  { partitionKey: 'Ünïcødé 日本 💳 __proto__', data: Buffer.alloc(0) },
  { partitionKey: '123', explicitHashKey: '0', data: Buffer.from([0, 255, 254, 1, 2]) },
];

test('a body says what the SDK would have said, byte for byte after parsing', () => {
  const body = putBody({ StreamName: 'transactions' }, entries);
  assert.deepEqual(JSON.parse(body.toString('utf8')), {
    StreamName: 'transactions',
    Records: entries.map(({ partitionKey, explicitHashKey, data }) => ({
      ...(explicitHashKey !== undefined && { ExplicitHashKey: explicitHashKey }),
      PartitionKey: partitionKey,
      Data: Buffer.from(data).toString('base64'),
    })),
  });
});

test('a parcel gives its entries back, and carries nothing but their own bytes', () => {
  const packed = packEntries(entries);
  assert.equal(packed.data.byteLength, large.length + 4 + 0 + 5);
  const back = unpackEntries(structuredClone(packed));
  assert.deepEqual(
    back.map((entry) => ({ ...entry, data: Buffer.from(entry.data) })),
    entries.map((entry) => ({
      explicitHashKey: undefined,
      ...entry,
      data: Buffer.from(entry.data),
    })),
  );
});
