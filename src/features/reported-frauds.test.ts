import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Label } from '../transactions/label.ts';
import { ReportedFrauds } from './reported-frauds.ts';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-01-01T00:00:00.000Z');
const at = (ms: number): string => new Date(START + ms).toISOString();
const SHOP = { merchant_id: 'shop', terminal_id: null };
const fraud = (id: string, reportedMs: number): Label => ({
  transaction_id: id,
  is_fraud: true,
  reported_at: at(reportedMs),
  ...SHOP,
  // Names the report to those who learn it.
  terminal_id: id,
});

function learning(kept?: ConstructorParameters<typeof ReportedFrauds>[1]): {
  readonly frauds: ReportedFrauds;
  readonly learnt: string[];
} {
  const learnt: string[] = [];
  const frauds = new ReportedFrauds(({ terminal_id: id }) => void learnt.push(id ?? ''), kept);
  return { frauds, learnt };
}

test('reports are learnt in the order of their times, whatever the order of the labels', () => {
  const { frauds, learnt } = learning();
  // 7 and 1000 have no common divisor: every number from 0 to 999 once.
  const times = Array.from({ length: 1000 }, (_, index) => (index * 7) % 1000);
  for (const time of times) frauds.add(fraud(`t${time}`, time));
  for (let time = -1; time < 1000; time += 100) {
    frauds.advance(SHOP, START + time);
    assert.equal(learnt.length, time + 1);
  }
  frauds.advance(SHOP, START + 1000);
  assert.deepEqual(
    learnt,
    times.map((_, index) => `t${index}`),
  );
});

test('copies of a label are learnt once, before their report, after it, and in the next run', () => {
  const { frauds, learnt } = learning();
  frauds.expect(fraud('a', 10));
  frauds.add(fraud('a', 10));
  frauds.advance(SHOP, START + 10);
  frauds.add(fraud('a', 10));
  frauds.advance(SHOP, START + 11);
  assert.deepEqual(learnt, ['a']);
  const next = learning(structuredClone(frauds.kept()));
  next.frauds.add(fraud('a', 10));
  next.frauds.advance(SHOP, START + 12);
  assert.deepEqual(next.learnt, []);
});

test('after a restart, labels of a file that were learnt are passed over, late labels of records are not', () => {
  const { frauds } = learning();
  frauds.add(fraud('due', 100));
  frauds.advance(SHOP, START + 50);
  const { frauds: next, learnt } = learning(structuredClone(frauds.kept()));
  next.expect(fraud('of the file', 40));
  next.add(fraud('late', 45));
  next.advance(SHOP, START + 50);
  assert.deepEqual(learnt, ['late']);
  next.advance(SHOP, START + 100);
  assert.deepEqual(learnt, ['late', 'due']);
});

test('a label without fraud, report or merchant teaches nothing, nor does one with a time that is none', () => {
  const { frauds, learnt } = learning();
  frauds.add({ ...fraud('genuine', 1), is_fraud: false });
  frauds.add({ ...fraud('not reported', 1), reported_at: null });
  frauds.add({ ...fraud('no merchant', 1), merchant_id: null, terminal_id: null });
  frauds.add({ ...fraud('no time', 1), reported_at: 'yesterday' });
  frauds.add(fraud('good', 2));
  frauds.advance(SHOP, START + 30 * DAY_MS);
  assert.deepEqual(learnt, ['good']);
});

test('ids of reports that were learnt long ago take no memory', () => {
  const { frauds } = learning();
  for (let day = 0; day < 400; day += 1) {
    frauds.add(fraud(`t${day}`, day * DAY_MS));
    frauds.advance(SHOP, START + day * DAY_MS);
  }
  assert.ok(frauds.kept().learnt.size < 50, `${frauds.kept().learnt.size} ids`);
});

test('a merchant learns before its own transactions: those of others, and one of the far future, make no report known', () => {
  const { frauds, learnt } = learning();
  frauds.add(fraud('a', 100));
  frauds.add(fraud('b', 900 * DAY_MS));
  const other = { merchant_id: 'other', terminal_id: 'a' };
  frauds.advance(other, START + 200);
  frauds.advance(other, START + 36_500 * DAY_MS);
  // A late one of the shop comes before the report, whatever others have done.
  frauds.advance(SHOP, START + 99);
  assert.deepEqual(learnt, []);
  frauds.advance(SHOP, START + 100);
  assert.deepEqual(learnt, ['a']);
});

test('a terminal without a merchant is a key of its own', () => {
  const { frauds, learnt } = learning();
  frauds.add({ ...fraud('t', 100), merchant_id: null });
  frauds.advance({ merchant_id: 'other', terminal_id: 't' }, START + 200);
  frauds.advance({ merchant_id: null, terminal_id: 's' }, START + 200);
  assert.deepEqual(learnt, []);
  frauds.advance({ merchant_id: null, terminal_id: 't' }, START + 200);
  assert.deepEqual(learnt, ['t']);
});

test('reports of merchants that are gone take no memory, and what is read again months later teaches nothing', () => {
  const { frauds, learnt } = learning();
  for (let day = 0; day < 400; day += 1) {
    frauds.add({ ...fraud(`t${day}`, day * DAY_MS), merchant_id: `m${day}` });
    frauds.advance(SHOP, START + day * DAY_MS);
  }
  assert.ok(frauds.kept().due.length < 50, `${frauds.kept().due.length} reports`);
  frauds.add(fraud('of long ago', 0));
  frauds.advance(SHOP, START + 400 * DAY_MS);
  assert.deepEqual(learnt, []);
});
