import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PageData } from '../report/html/charts.ts';
import { profilePage } from '../report/html/profile-page.ts';
import { profileText } from '../report/text/profile-text.ts';
import type { Label } from '../transactions/label.ts';
import type { Transaction } from '../transactions/transaction.ts';
import { LogHistogram, Profile, Timeline } from './transaction-profile.ts';

const dependencies = {
  usdOf: (minor: number, currency: string) => (currency === 'JPY' ? minor / 150 : minor / 100),
  utcOffsetHours: (country: string) => (country === 'JP' ? 9 : -6),
};
const base: Transaction = {
  schema_version: 1,
  transaction_id: 'a',
  event_time: '2026-01-01T20:30:00.000Z',
  type: 'purchase',
  channel: 'pos',
  card_id: 'ct_a',
  card_country: 'US',
  merchant_country: 'US',
  mcc: '5411',
  amount_minor: 1000,
  currency: 'USD',
  source_ip: null,
  response_code: '00',
};
const genuine: Label = { transaction_id: 'a', is_fraud: false };
const fraud: Label = { transaction_id: 'a', is_fraud: true, fraud_scenario: 'card_testing' };

test('hours and days are those of the clock where the card lives', () => {
  const profile = new Profile(dependencies);
  // A Thursday: half past two in the afternoon in the US, half past five on Friday in Japan.
  profile.add(base, genuine);
  profile.add({ ...base, card_country: 'JP' }, genuine);
  const { localHours, localDays } = profile.summary();
  assert.deepEqual([localHours[14], localHours[5]], [1, 1]);
  assert.deepEqual(localDays, [0, 0, 0, 1, 1, 0, 0]);
});

test('amounts of all currencies are on one scale, whatever their exponent', () => {
  const profile = new Profile(dependencies);
  profile.add(base, genuine);
  profile.add({ ...base, amount_minor: 1500, currency: 'JPY' }, genuine);
  const [pos] = profile.summary().amounts;
  for (const { usd } of pos?.quantilesUsd ?? []) assert.ok(Math.abs(usd - 10) < 0.25, String(usd));
});

test('every count adds up, frauds by scenario too, and what is unknown is counted as none', () => {
  const profile = new Profile(dependencies);
  profile.add({ ...base, channel: null, source_ip: '2a02::1' }, fraud);
  profile.add({ ...base, source_ip: '8.8.8.8', response_code: '51' }, genuine);
  profile.add(base, genuine);
  const summary = profile.summary();
  assert.deepEqual(summary.scenarios, [{ code: 'card_testing', count: 1 }]);
  assert.equal(summary.frauds, 1);
  assert.deepEqual(summary.addresses.map(({ code }) => code).sort(), ['IPv4', 'IPv6', 'none']);
  assert.deepEqual(summary.channels, [
    { code: 'pos', count: 2 },
    { code: 'none', count: 1 },
  ]);
  const { bins } = summary.timeline;
  assert.deepEqual(bins, [{ fromMs: Date.UTC(2026, 0, 1, 20), count: 3, marked: 1 }]);
});

test('a profile of nothing can be shown', () => {
  assert.match(
    profileText(new Profile(dependencies).summary())[0] ?? '',
    /^0 transactions, 0 of them/,
  );
});

test('the page needs no network, and no text breaks out of it', () => {
  const profile = new Profile(dependencies);
  profile.add({ ...base, mcc: '</script><b>&"' }, fraud);
  const library = { script: 'const uPlot = 1;', style: '.u{}' };
  const parts = { style: '', script: '', library };
  const page = profilePage('Seed <1>', 'lead', profile.summary(), parts);
  assert.ok(!page.includes('</script><b>'));
  assert.match(page, /<h1>Seed &lt;1><\/h1>/);
  assert.doesNotMatch(page, /<(?:script|link|img)[^>]+(?:src|href)="(?!data:)/);
  const [, data = ''] = /id="data">(.*)<\/script>/.exec(page) ?? [];
  const { charts }: PageData = JSON.parse(data);
  for (const { id, x, lines } of charts) {
    assert.ok(page.includes(`id="${id}"`), id);
    assert.equal(x.values.length, lines[0]?.values.length);
  }
  // Each chart says the same as a table.
  assert.equal(page.split('<details>').length - 1, charts.length);
});

test('a quantile is right to 2.4 %, from cents to millions', () => {
  for (const scale of [0.01, 1, 1000]) {
    const histogram = new LogHistogram();
    for (let amount = 1; amount <= 1000; amount += 1) histogram.add(amount * scale);
    for (const share of [0.05, 0.5, 0.99]) {
      const found = histogram.quantile(share) / (1000 * share * scale);
      assert.ok(found > 0.976 && found < 1.024, `${share} of ${scale}: ${found}`);
    }
  }
});

test('wider bins lose nothing, and begin and end with one that is not empty', () => {
  const histogram = new LogHistogram();
  for (const amount of [0, 0.02, 3, 3.1, 250, 1e12]) histogram.add(amount);
  const bins = histogram.bins(5);
  assert.equal(
    bins.reduce((sum, { count }) => sum + count, 0),
    6,
  );
  assert.ok(bins.at(0)?.count && bins.at(-1)?.count);
  assert.ok(Number.isNaN(new LogHistogram().quantile(0.5)));
});

test('a timeline has hours, and longer spans when there would be too many', () => {
  const hour = 3_600_000;
  const timeline = new Timeline();
  for (let at = 0; at < 5000; at += 1) timeline.add(at * hour + 5, at % 2 === 0);
  const bins = timeline.bins();
  assert.equal(timeline.binMs, 8 * hour);
  assert.ok(bins.length <= 1024);
  assert.deepEqual(bins[3], { fromMs: 24 * hour, count: 8, marked: 4 });
  assert.equal(
    bins.reduce((sum, { count }) => sum + count, 0),
    5000,
  );
});
