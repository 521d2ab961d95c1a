import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { scenarios } from './fraud/scenarios.ts';
import { type LabelledTransaction, transactions } from './transactions.ts';
import { world } from './world.ts';

const FRAUD_RATE = 0.05;
const sample: LabelledTransaction[] = [];

before(async () => {
  for (const group of transactions(await world({ seed: 'believable', fraudRate: FRAUD_RATE }))) {
    sample.push(...group);
    if (sample.length >= 200_000) break;
  }
});

const isFraud = ({ label }: LabelledTransaction): boolean => label.is_fraud;

test('the share of fraud is the one asked for, within one in eight', () => {
  const share = sample.filter(isFraud).length / sample.length;
  // Card testing comes in bursts of 50, so that the share of 10 000 frauds moves by 3 % (sigma).
  assert.ok(Math.abs(share / FRAUD_RATE - 1) < 1 / 8, String(share));
});

test('every scenario has about its share, and knows its campaign and when it was reported', () => {
  const frauds = sample.filter(isFraud);
  for (const { name, numbers, meanMarked } of scenarios) {
    const own = frauds.filter(({ label }) => label.fraud_scenario === name);
    const expected = frauds.length * numbers.share;
    // Some kinds come in few campaigns of many transactions each.
    const allowed = Math.max(0.15, 2 * Math.sqrt(meanMarked(numbers) / expected));
    assert.ok(Math.abs(own.length / expected - 1) < allowed, `${name}: ${own.length}`);
  }
  for (const { transaction, label } of frauds) {
    assert.match(label.campaign_id ?? '', /^cp_[0-9A-HJKMNP-TV-Z]{13}$/);
    assert.ok((label.reported_at ?? '') > transaction.event_time);
  }
  for (const { label } of sample) {
    if (label.is_fraud) continue;
    assert.deepEqual(
      [label.fraud_scenario, label.campaign_id, label.reported_at],
      [null, null, null],
    );
  }
});

test('no value of a field belongs to fraud alone', () => {
  const fields = [
    ...(['type', 'channel', 'card_brand', 'card_type', 'pos_entry_mode', 'card_present'] as const),
    ...([
      'three_ds',
      'eci',
      'avs_result',
      'cvv_result',
      'response_code',
      'user_agent_family',
    ] as const),
  ];
  const genuine = sample.filter((one) => !isFraud(one));
  for (const field of fields) {
    const counts = new Map<unknown, number>();
    for (const { transaction } of genuine) {
      counts.set(transaction[field], (counts.get(transaction[field]) ?? 0) + 1);
    }
    for (const value of new Set(
      sample.filter(isFraud).map(({ transaction }) => transaction[field]),
    )) {
      const share = (counts.get(value) ?? 0) / genuine.length;
      assert.ok(share >= 0.001, `${field} ${value}: ${share}`);
    }
  }
});

test('identifiers do not tell fraud: their order is that of chance', () => {
  const devices = (one: LabelledTransaction): boolean => one.transaction.device_id !== null;
  for (const field of ['transaction_id', 'stan', 'terminal_id', 'device_id'] as const) {
    const rows = sample.filter((one) => field !== 'device_id' || devices(one));
    rows.sort((a, b) => ((a.transaction[field] ?? '') < (b.transaction[field] ?? '') ? -1 : 1));
    assert.ok(Math.abs(rankAuc(rows.map(isFraud)) - 0.5) < 0.05, `${field}`);
  }
});

/** The chance that a fraud ranks above a genuine one. */
function rankAuc(ranked: readonly boolean[]): number {
  let frauds = 0;
  let above = 0;
  for (const fraud of ranked) {
    if (fraud) frauds += 1;
    else above += frauds;
  }
  return above / (frauds * (ranked.length - frauds));
}
