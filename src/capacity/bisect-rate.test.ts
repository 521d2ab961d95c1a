import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bisectRate } from './bisect-rate.ts';

const settings = { from: 100, to: 1_000_000, precision: 0.02 };

for (const ceiling of [3, 40, 100, 101, 1_500, 777_777]) {
  test(`a ceiling of ${ceiling}/s is found within the precision`, async () => {
    const { kept = 0, broken = 0 } = await bisectRate(settings, async (rate) => rate <= ceiling);
    assert.ok(kept <= ceiling && ceiling < broken, `${kept} to ${broken}`);
    assert.ok(broken / kept <= 1.02);
  });
}

test('where nothing breaks, the highest rate allowed is kept', async () => {
  const found = await bisectRate({ ...settings, to: 500 }, async () => true);
  assert.deepEqual(found, { kept: 500, broken: undefined });
});

test('where everything breaks, nothing is kept', async () => {
  const { kept } = await bisectRate(settings, async () => false);
  assert.equal(kept, undefined);
});

test('in steps the rate only rises, and the first that breaks is the last', async () => {
  const tried: number[] = [];
  const found = await bisectRate({ ...settings, stepBy: 250 }, async (rate) => {
    tried.push(rate);
    return rate < 900;
  });
  assert.deepEqual(tried, [100, 350, 600, 850, 1_100]);
  assert.deepEqual(found, { kept: 850, broken: 1_100 });
});

test('a search that is stopped says what it knows', async () => {
  let left = 3;
  const found = await bisectRate(settings, async () => {
    left -= 1;
    return left < 0 ? undefined : true;
  });
  assert.deepEqual(found, { kept: 400, broken: undefined });
});
