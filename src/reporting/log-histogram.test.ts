import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogHistogram } from './log-histogram.ts';
import { Timeline } from './timeline.ts';

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
