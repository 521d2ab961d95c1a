import assert from 'node:assert/strict';
import { test } from 'node:test';
import { transactionFields } from '../transactions/transaction.ts';
import { readableRecords, userRecords } from './user-records.ts';
import { world } from './world.ts';

test('a record says what the transaction it was written from says, also when later ones have been made', async () => {
  const settings = { seed: 11, cards: 500, merchants: 200 };
  const records = first(readableRecords(await world(settings)), 20_000);
  const plain = first(userRecords(await world(settings)), 20_000);
  for (const [index, { writtenFrom, ...record }] of records.entries()) {
    assert.deepEqual(record, plain[index]);
    const fields = transactionFields.map((name) => [name, writtenFrom[name]]);
    assert.deepEqual(Object.fromEntries(fields), JSON.parse(Buffer.from(record.data).toString()));
  }
});

function first<T>(groups: Iterable<readonly T[]>, count: number): readonly T[] {
  const list: T[] = [];
  for (const group of groups) {
    list.push(...group);
    if (list.length >= count) break;
  }
  return list.slice(0, count);
}
