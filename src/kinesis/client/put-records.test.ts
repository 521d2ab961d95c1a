import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OpenAggregate } from '../../kpl/open-aggregate.ts';
import type { PutRecordsEntry } from '../put-client.ts';
import { packEntries, unpackEntries } from './entry-transfer.ts';
import { MemoryPool } from './memory-pool.ts';
import { putBody } from './put-records.ts';

const large = Buffer.from('a view of a much larger buffer');
const entries: readonly PutRecordsEntry[] = [
  { partitionKey: 'a', explicitHashKey: '340282366920938463463374607431768211455', data: large },
  { partitionKey: 'quotes " and \\ and \u0007', data: large.subarray(2, 6) },
  { partitionKey: 'Ünïcødé 日本 💳 __proto__', data: Buffer.alloc(0) },
  { partitionKey: '123', explicitHashKey: '0', data: Buffer.from([0, 255, 254, 1, 2]) },
];

test('a body says what the SDK would have said, byte for byte after parsing', () => {
  const pool = new MemoryPool((bytes) => new ArrayBuffer(bytes));
  const body = putBody({ StreamName: 'transactions' }, entries, pool);
  assert.deepEqual(JSON.parse(body.toString('utf8')), {
    StreamName: 'transactions',
    Records: entries.map(({ partitionKey, explicitHashKey, data }) => ({
      ...(explicitHashKey !== undefined && { ExplicitHashKey: explicitHashKey }),
      PartitionKey: partitionKey,
      Data: Buffer.from(data).toString('base64'),
    })),
  });
});

test('packed entries come back from another thread, and not even a view takes more than its own bytes', () => {
  const packed = packEntries(entries, new MemoryPool((bytes) => new SharedArrayBuffer(bytes)));
  assert.deepEqual(packed.lengths, [large.length, 4, 0, 5]);
  const back = unpackEntries(packed);
  assert.deepEqual(
    back.map((entry) => ({ ...entry, data: Buffer.from(entry.data) })),
    entries.map((entry) => ({
      explicitHashKey: undefined,
      ...entry,
      data: Buffer.from(entry.data),
    })),
  );
});

test('an aggregate that is encoded in shared memory is the one that its entry would have encoded', () => {
  const pool = new MemoryPool((bytes) => new SharedArrayBuffer(bytes));
  const data = Buffer.alloc(250, 'x');
  const aggregates = [3, 200].map((count) => {
    const aggregate = new OpenAggregate(1_000_000, 1_000);
    for (let index = 0; index < count; index += 1) {
      aggregate.tryAdd({ partitionKey: `card_${index}`, data });
    }
    return aggregate;
  });
  const sealed = aggregates.map((aggregate) => ({
    partitionKey: 'a',
    explicitHashKey: '1',
    data: aggregate.encode(),
    aggregate,
  }));
  for (const group of [sealed, sealed.slice(0, 1), [...sealed, ...entries]]) {
    const isEncodedLater = (entry: PutRecordsEntry): boolean => entry.aggregate !== undefined;
    const packed = packEntries(
      group.map((entry) => (isEncodedLater(entry) ? withoutData(entry) : entry)),
      pool,
    );
    const back = unpackEntries(packed);
    pool.giveBack(packed.memory);
    assert.deepEqual(
      back.map((entry) => Buffer.from(entry.data)),
      group.map((entry) => Buffer.from(entry.data)),
    );
  }
});

/** Its data must not be asked for. */
function withoutData(entry: PutRecordsEntry): PutRecordsEntry {
  return Object.defineProperty({ ...entry }, 'data', {
    get: () => assert.fail('encoded on the wrong thread'),
  });
}
