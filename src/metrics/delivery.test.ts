import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Receipt } from '../transactions/user-record.ts';
import { Reconciliation } from './consume-stats.ts';
import { Delivery } from './delivery.ts';
import { snaked } from './snake-case.ts';

const receipt = (changed: Partial<Receipt>): Receipt => ({
  id: 'a',
  isAccepted: true,
  payloadBytes: 100,
  shardId: 'shard-1',
  sequenceNumber: '1',
  subSequenceNumber: 0,
  attempts: [{ sentAt: 1_010, durationMs: 5 }],
  errorCode: undefined,
  dueAt: 1_000,
  acknowledgedAt: 1_015,
  ...changed,
});

test('sent = accepted + failed, and each failure has its reason with what came before', () => {
  const delivery = new Delivery();
  const throttled = { sentAt: 1, durationMs: 1, errorCode: 'Throttled' };
  const lost = { ...throttled, errorCode: 'Timeout' };
  const success = { sentAt: 2, durationMs: 1 };
  delivery.add([
    receipt({}),
    receipt({ subSequenceNumber: 1, attempts: [throttled, success] }),
    receipt({ shardId: 'shard-2', subSequenceNumber: undefined, attempts: [lost, success] }),
    receipt({ isAccepted: false, shardId: undefined, errorCode: 'Expired', attempts: [throttled] }),
  ]);
  const summary = delivery.summary(2);
  assert.deepEqual([summary.sent, summary.accepted, summary.failed], [4, 3, 1]);
  assert.deepEqual(summary.failuresByCode, [{ code: 'Expired after Throttled', count: 1 }]);
  assert.deepEqual(summary.retriesByCode, [
    { code: 'Throttled', count: 1 },
    { code: 'Timeout', count: 1 },
  ]);
  assert.equal(summary.possibleDuplicates, 1);
  assert.equal(summary.kinesisRecords, 2);
  assert.equal(summary.aggregationRatio, 1.5);
  assert.equal(summary.recordsPerSecond, 1.5);
  assert.equal(summary.response.count, 3);
  // Three significant figures.
  assert.ok(Math.abs(summary.response.maxMs - 15) <= 0.015);
});

test('the warm-up is left out of latencies and of no count', () => {
  const delivery = new Delivery();
  delivery.measureFrom(2_000);
  const call = { entries: 1, failedEntries: 0, payloadBytes: 1, errorCode: undefined };
  const early = { sentAt: 1_010, durationMs: 5, ...call };
  delivery.add([receipt({}), receipt({ subSequenceNumber: 1 })]);
  delivery.addRequest(early);
  assert.deepEqual([delivery.summary(1).response.count, delivery.summary(1).request.count], [0, 0]);
  delivery.add([receipt({ dueAt: 2_000, acknowledgedAt: 2_004 })]);
  delivery.addRequest({ ...early, sentAt: 2_001 });
  const { accepted, requests, response, request } = delivery.summary(1);
  assert.deepEqual([accepted, requests, response.count, request.count], [3, 2, 1, 1]);
  assert.ok(response.maxMs < 5);
});

test('a run without records has counts of 0, and no rates, ratios and latencies', () => {
  const summary = snaked(new Delivery().summary(0));
  assert.equal(summary.sent, 0);
  for (const absent of [
    summary.records_per_second,
    summary.bytes_per_second,
    summary.aggregation_ratio,
    summary.entries_per_request,
    summary.response.p99_ms,
    summary.request.max_ms,
  ]) {
    assert.equal(absent, null);
  }
  // Nothing in ten seconds is a rate.
  assert.equal(new Delivery().summary(10).recordsPerSecond, 0);
});

test('reconciliation tells missing, twice, foreign and unreadable records apart', () => {
  const reconciliation = new Reconciliation();
  for (const id of ['a', 'b', 'c', 'd']) reconciliation.addProduced(id);
  reconciliation.addConsumed('a', true);
  reconciliation.addConsumed('b', true);
  reconciliation.addConsumed('b', true);
  reconciliation.addConsumed('c', false);
  reconciliation.addConsumed('x', true);
  assert.deepEqual(reconciliation.summary(), {
    produced: 4,
    consumed: 2,
    missing: 2,
    duplicates: 1,
    unknown: 1,
    unreadable: 1,
    missingIds: ['c', 'd'],
  });
});

test('a record whose answer could not be used may lie in the stream twice', () => {
  for (const errorCode of ['Timeout', 'Connection', 'InvalidResponse', 'ResponseTooLarge']) {
    const delivery = new Delivery();
    const [lost, success] = [
      { sentAt: 1, durationMs: 1, errorCode },
      { sentAt: 2, durationMs: 1 },
    ];
    delivery.add([receipt({ attempts: [lost, success] })]);
    assert.equal(delivery.summary(1).possibleDuplicates, 1, errorCode);
  }
});
