import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadModel } from './model.ts';
import { reasonsOf } from './score-reasons.ts';

const assets = join(import.meta.dirname, '..', '..', 'assets');
const model = loadModel(readFileSync(join(assets, 'model.ubj')));
const width = model.featureNames.length;
const rowOf = (known: Readonly<Record<string, number>>): Float32Array =>
  Float32Array.from(model.featureNames, (name) => known[name] ?? Number.NaN);
const marginOf = (row: Float32Array): number => {
  const out = new Float32Array(1);
  model.margins(row, 1, out);
  return out[0] ?? Number.NaN;
};

test('a reason is a feature without which the row would be less suspicious, by its lift', () => {
  const known = { amount_usd: 900, channel: 0, three_ds: 0, ip_class: 2, card_device_is_new: 1 };
  const row = rowOf(known);
  const reasons = reasonsOf(model, row, width);
  assert.ok(reasons.length > 0);
  for (const { feature, value, lift } of reasons) {
    const { [feature as keyof typeof known]: _, ...others } = known;
    assert.equal(value, known[feature as keyof typeof known]);
    assert.equal(lift, marginOf(row) - marginOf(rowOf(others)));
    assert.ok(lift > 0);
  }
  const lifts = reasons.map(({ lift }) => lift);
  assert.deepEqual(
    lifts,
    lifts.toSorted((a, b) => b - a),
  );
  assert.deepEqual(reasonsOf(model, row, 1), reasons.slice(0, 1));
});

test('a row of which nothing is known has no reasons', () => {
  assert.deepEqual(reasonsOf(model, rowOf({}), 3), []);
});
