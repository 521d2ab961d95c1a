import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseThreshold } from '../commands/shared/flags/report-flags.ts';
import { conditionsOf, samplesFor, stepFor, tooManyOf } from './conditions.ts';

const samples = (...expressions: readonly string[]): number =>
  samplesFor(expressions.flatMap((expression) => parseThreshold(expression) ?? []));

test('ten samples lie beyond a percentile, and one record is no more than half of a share', () => {
  assert.equal(samples('probe.response.p50 > 10ms'), 20);
  assert.equal(samples('probe.response.p99 >= 100ms'), 1_000);
  assert.equal(samples('latency.end_to_end.p999 > 2s'), 10_000);
  assert.equal(samples('errors > 1%'), 200);
  assert.equal(samples('achieved < 99%'), 200);
  assert.equal(samples('errors > 0%'), 0);
  assert.equal(samples('probe.response.max > 1s'), 0);
  assert.equal(samples('errors > 1%', 'p90 > 1s', 'probe.response.p95 > 1s'), 200);
});

test('a step is lengthened for its samples, up to a minute, and never shortened', () => {
  assert.equal(stepFor(1_000, 1_000, 5_000), 5_000);
  assert.equal(stepFor(100, 1_000, 5_000), 10_020);
  assert.equal(stepFor(1, 1_000, 5_000), 60_000);
  assert.equal(stepFor(1, 1_000, 90_000), 90_000);
});

test('conditions of the flags are added to those that always count, each once', () => {
  const own = ['probe.response.p99 >= 1s', 'errors > 1%'].flatMap(
    (text) => parseThreshold(text) ?? [],
  );
  const all = conditionsOf(own).map(({ condition: expression }) => expression);
  assert.deepEqual(all, ['achieved < 99%', 'errors > 1%', 'probe.response.p99 >= 1s']);
});

test('a rate is broken for certain by more than the share beyond a percentile, or of errors', () => {
  const limits = ['errors > 1%', 'achieved < 99%', 'probe.response.p99 >= 50ms', 'p99 > 1s'];
  const all = tooManyOf(
    limits.flatMap((text) => parseThreshold(text) ?? []),
    1_000,
  );
  assert.deepEqual(
    all.map(({ slowerThanMs, most }) => [slowerThanMs, Math.round(most)]),
    [
      [undefined, 10],
      [50, 10],
    ],
  );
});
