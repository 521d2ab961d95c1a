import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ipRanges } from '../geoip/ip-ranges.ts';
import type { Label } from '../transactions/label.ts';
import type { Transaction } from '../transactions/transaction.ts';
import { LabelledFeatures } from './labelled-features.ts';
import { featureNames } from './manifest.ts';

const folder = join(import.meta.dirname, '..', '..', 'fixtures', 'features');
const lines = (name: string): readonly string[] =>
  readFileSync(join(folder, name), 'utf8').trim().split('\n');
type Item = { readonly transaction: Transaction } | { readonly label: Label };
const items: readonly Item[] = lines('input.ndjson').map((line) => JSON.parse(line));
const expected = lines('expected.txt').map((line) => line.split(' '));
const addresses = ipRanges('documentation');
const view = new DataView(new ArrayBuffer(4));

/** The bits of a float32 in hexadecimal digits, "-" for one that is missing. */
function bits(value: number): string {
  if (Number.isNaN(value)) return '-';
  view.setFloat32(0, value);
  return view.getUint32(0).toString(16).padStart(8, '0');
}

/** Name and bits of each feature, so that a difference shows where it is. */
function textsOf(id: string, values: readonly string[]): readonly string[] {
  return values.map((value, index) => `${id} ${featureNames[index]} ${value}`);
}

function rowOf(online: LabelledFeatures, transaction: Transaction): readonly string[] {
  const row = new Float32Array(online.width);
  online.row(transaction, undefined, row, 0);
  return textsOf(transaction.transaction_id, [...row].map(bits));
}

/** The features of all items, one after the other, by whoever `next` says. */
function rows(next: (handled: number) => LabelledFeatures): readonly (readonly string[])[] {
  let handled = 0;
  return items.flatMap((item) => {
    const online = next(handled);
    handled += 1;
    if ('transaction' in item) return [rowOf(online, item.transaction)];
    online.expect(item.label);
    return [];
  });
}
const wanted = expected.map(([id = '', ...values]) => textsOf(id, values));

test('the features equal those of an independent check of the definitions, to the last bit', () => {
  const online = new LabelledFeatures(addresses);
  assert.deepEqual(
    rows(() => online),
    wanted,
  );
  assert.ok(wanted.length > 400);
});

test('the golden vectors see each feature both known and missing, where it can be', () => {
  const never = new Set(
    featureNames.filter((name) => /^card_(count_|declines|merchants)/.test(name)),
  );
  for (const [index, name] of featureNames.entries()) {
    const values = expected.map((row) => row[index + 1]);
    assert.ok(new Set(values).size >= 3, name);
    assert.equal(values.includes('-'), !never.has(name), name);
  }
});

test('a snapshot goes on to the last bit, wherever it is taken', () => {
  let online = new LabelledFeatures(addresses);
  const found = rows((handled) => {
    if (handled % 13 === 5) online = LabelledFeatures.restore(online.snapshot(), addresses);
    return online;
  });
  assert.deepEqual(found, wanted);
});
