import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exp, ln } from './exact-math.ts';
import { AliasTable, Permutation, Random } from './random.ts';

test('logarithm and exponential are right to ten digits', () => {
  const random = new Random(1, 1);
  for (let turn = 0; turn < 20_000; turn += 1) {
    const x = 44 * random.unit() - 22;
    assert.ok(Math.abs(exp(x) / Math.exp(x) - 1) < 1e-10, `exp ${x}`);
    assert.ok(Math.abs(ln(Math.exp(x)) - x) < 1e-10, `ln of exp ${x}`);
  }
  assert.equal(exp(0), 1);
});

test('random numbers have the mean and the spread of their distribution', () => {
  const random = new Random(42, 0);
  const moments = (draw: () => number): readonly [mean: number, variance: number] => {
    const values = Array.from({ length: 200_000 }, draw);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length];
  };
  const cases: readonly (readonly [() => number, number, number])[] = [
    [() => random.unit(), 1 / 2, 1 / 12],
    [() => random.exponential(), 1, 1],
    [() => random.normal(), 0, 1],
    [() => random.below(3), 1, 2 / 3],
    [() => (random.chance(0.3) ? 1 : 0), 0.3, 0.21],
  ];
  for (const [index, [draw, mean, variance]] of cases.entries()) {
    const [foundMean, foundVariance] = moments(draw);
    assert.ok(Math.abs(foundMean - mean) < 0.01, `mean ${index}: ${foundMean}`);
    assert.ok(Math.abs(foundVariance - variance) < 0.02, `variance ${index}: ${foundVariance}`);
  }
});

test('streams of one key differ', () => {
  const firsts = Array.from({ length: 1000 }, (_, stream) => new Random(5, stream).bits());
  assert.equal(new Set(firsts).size, 1000);
});

test('an alias table picks in proportion to weight, and never what weighs nothing', () => {
  const weights = [5, 0, 1, 3, 1];
  const table = new AliasTable(weights);
  const random = new Random(9, 9);
  const counts = weights.map(() => 0);
  for (let turn = 0; turn < 100_000; turn += 1) {
    const picked = table.pick(random.bits());
    counts[picked] = (counts[picked] as number) + 1;
  }
  for (const [index, weight] of weights.entries()) {
    assert.ok(Math.abs((counts[index] as number) / 100_000 - weight / 10) < 0.01, `${counts}`);
  }
  assert.equal(counts[1], 0);
});

test('a permutation gives no result twice and hangs on its key', () => {
  const permutation = new Permutation(3);
  const results = new Set<string>();
  for (let high = 0; high < 4; high += 1) {
    for (let low = 0; low < 50_000; low += 1) {
      permutation.apply(high, low);
      results.add(`${permutation.high} ${permutation.low}`);
    }
  }
  assert.equal(results.size, 200_000);
  const other = new Permutation(4);
  other.apply(0, 0);
  permutation.apply(0, 0);
  assert.notEqual(other.high, permutation.high);
});
