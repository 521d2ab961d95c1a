import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ipRanges } from '../geoip/ip-ranges.ts';
import type { Transaction } from '../transactions/transaction.ts';
import { featureNames } from './manifest.ts';
import { OnlineFeatures } from './online-features.ts';

const DAY_MS = 86_400_000;
const addresses = ipRanges();

test('zero has no sign, though JSON has a negative one', () => {
  const [zero] = rowsOf([at(0, { amount_minor: JSON.parse('-0'), account_age_days: -0 })]);
  assert.ok(Object.is(zero?.amount_usd, 0));
  assert.ok(Object.is(zero?.account_age_days, 0));
});

test('before 1970 hours and weekdays are what a calendar says', () => {
  const [last, first] = rowsOf([at(-1, { card_country: 'GB' }), at(0, { card_country: 'GB' })]);
  assert.deepEqual([last?.hour_local, last?.weekday_local], [23, 2]);
  assert.deepEqual([first?.hour_local, first?.weekday_local], [0, 3]);
});

test('the first instant of 1970 is an instant like any other', () => {
  const [, , third] = rowsOf([at(-5), at(0), at(1)]);
  assert.equal(third?.card_seconds_since_previous, Math.fround(0.001));
});

test('numbers of an issuer that differ in the zeros in front are not the same', () => {
  const bins = ['0411111', '00411111', '0411111'];
  const rows = rowsOf(bins.map((pan_bin, ms) => at(ms, { merchant_id: 'm', pan_bin })));
  assert.deepEqual(
    rows.map((row) => row.merchant_same_bin_10m),
    [0, 0, 1],
  );
});

test('the risk of a merchant is what was reported over what is old enough to be known', () => {
  const shop = { merchant_id: 'm', terminal_id: 't' };
  const online = new OnlineFeatures(addresses);
  const early = Array.from({ length: 6 }, (_, ms) => at(ms, shop));
  rowsOf(early, online);
  online.learn(shop, 7 * DAY_MS + 5);
  for (const [day, known, frauds] of [
    [6, 0, 0],
    [7, 6, 1],
    [8, 6, 1],
    [9, 0, 0],
  ] as const) {
    const [row] = rowsOf([at(day * DAY_MS + 9, shop)], online);
    const risk = Math.fround((frauds + 0.02) / (known + 4));
    assert.deepEqual([row?.merchant_risk_1d, row?.terminal_risk_1d], [risk, risk], `day ${day}`);
  }
});

test('a day of the history of a card counts more transactions than its ring has', () => {
  const online = new OnlineFeatures(addresses);
  const row = rowsOf(
    Array.from({ length: 101 }, (_, ms) => at(ms)),
    online,
  ).at(-1);
  assert.deepEqual([row?.card_count_24h, row?.card_count_1d], [32, 100]);
});

test('terminals of two merchants with one number are two, and one without a merchant is a third', () => {
  const rows = rowsOf(
    [{ merchant_id: 'a' }, { merchant_id: 'b' }, {}, { merchant_id: 'a' }, {}].map((fields, ms) =>
      at(ms, { terminal_id: '1', ...fields }),
    ),
  );
  assert.deepEqual(
    rows.map((row) => row.terminal_count_1d),
    [0, 0, 0, 1, 1],
  );
});

/** The rows of transactions, by the names of features. */
function rowsOf(
  transactions: readonly Transaction[],
  online: OnlineFeatures = new OnlineFeatures(addresses),
): readonly Readonly<Record<string, number | undefined>>[] {
  const row = new Float32Array(online.width);
  return transactions.map((transaction) => {
    online.row(transaction, row, 0);
    return Object.fromEntries(featureNames.map((name, index) => [name, row[index]]));
  });
}

function at(ms: number, fields: Partial<Transaction> = {}): Transaction {
  const event_time = new Date(ms).toISOString();
  const needed = { schema_version: 1 as const, transaction_id: `${ms}`, event_time, card_id: 'c' };
  return { ...needed, amount_minor: 100, currency: 'USD', ...fields };
}
