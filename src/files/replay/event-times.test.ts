import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordOf } from '../parse-native-line.ts';
import { movedTo, renamed, shifted } from './event-times.ts';

const transaction = {
  schema_version: 1 as const,
  transaction_id: 't1',
  event_time: '2026-01-01T00:00:00.000Z',
  card_id: 'c',
  merchant_id: 'm',
  amount_minor: 1,
  currency: 'USD',
};
const label = {
  transaction_id: 't1',
  is_fraud: true,
  reported_at: '2026-01-03T00:00:00.500Z',
  merchant_id: 'm',
};
const record = recordOf(transaction, label, Buffer.from(JSON.stringify(transaction)));
const DAY_MS = 86_400_000;

test('the report of a fraud moves with the event time of its transaction', () => {
  assert.equal(shifted(record, 7 * DAY_MS).label?.reported_at, '2026-01-10T00:00:00.500Z');
  const at = Date.parse('2026-02-01T00:00:00.000Z');
  assert.equal(movedTo(record, at).label?.reported_at, '2026-02-03T00:00:00.500Z');
});

test('a label without a report has none after its transaction was moved', () => {
  const genuine = { ...record, label: { transaction_id: 't1', is_fraud: false } };
  assert.deepEqual(shifted(genuine, DAY_MS).label, { transaction_id: 't1', is_fraud: false });
});

test('the label of a renamed transaction is about the new id', () => {
  assert.deepEqual(renamed(record, 't1~2').label, { ...label, transaction_id: 't1~2' });
});
