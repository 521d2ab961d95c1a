import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../generators/numbers/random.ts';
import type { Receipt } from '../transactions/user-record.ts';
import { Delivery } from './delivery.ts';
import { receiptRuns } from './receipt-runs.ts';
import { TimeSeries } from './time-series.ts';

test('receipts counted in runs give the figures of receipts counted one by one', () => {
  const random = new Random(1, 2);
  const pick = <T>(values: readonly T[]): T =>
    values[Math.floor(random.unit() * values.length)] as T;
  const once = [[{ sentAt: 1_200, durationMs: 3 }], [{ sentAt: 2_300, durationMs: 4 }], []];
  const lost = { sentAt: 1_000, durationMs: 3, errorCode: 'Timeout' };
  const receipts = Array.from({ length: 5_000 }, (_, index): Receipt => {
    const isAccepted = random.chance(0.9);
    return {
      id: String(index),
      isAccepted,
      payloadBytes: pick([10, 250]),
      shardId: isAccepted ? pick(['shard-1', 'shard-2', undefined]) : undefined,
      sequenceNumber: isAccepted ? '1' : undefined,
      subSequenceNumber: pick([undefined, 0, 1, 2]),
      attempts: random.chance(0.1) ? [lost, lost] : pick(once),
      errorCode: isAccepted ? undefined : pick(['Expired', 'Timeout']),
      dueAt: pick([1_000, 2_000]),
      acknowledgedAt: pick([3_000, 3_001]),
    };
  });
  const figures = (groups: readonly (readonly Receipt[])[]): object => {
    const [delivery, series] = [new Delivery(), new TimeSeries('due to receipt')];
    for (const group of groups) {
      delivery.add(group);
      series.addReceipts(group);
    }
    return { delivery: delivery.summary(1), series: series.summary() };
  };
  // Sorted, so that there are runs.
  receipts.sort((a, b) => a.acknowledgedAt - b.acknowledgedAt || a.dueAt - b.dueAt);
  assert.deepEqual(figures([receipts]), figures(receipts.map((receipt) => [receipt])));
  const counts = [...receiptRuns(receipts)].map(({ count }) => count);
  assert.equal(
    counts.reduce((a, b) => a + b),
    receipts.length,
  );
  assert.ok(Math.max(...counts) > 1);
});

test('no receipts are no run', () => {
  assert.deepEqual([...receiptRuns([])], []);
});
