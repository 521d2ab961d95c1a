import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outputNames } from './line-output.ts';

const none = { out: undefined, format: undefined, labels: 'none', manifest: undefined } as const;

for (const [out, format, labels, manifest] of [
  ['day.ndjson', 'ndjson', 'day.labels.ndjson', 'day.manifest.json'],
  ['day.csv', 'csv', 'day.labels.csv', 'day.manifest.json'],
  ['day.parquet', 'parquet', 'day.labels.parquet', 'day.manifest.json'],
  ['day.csv.gz', 'csv', 'day.labels.csv.gz', 'day.manifest.json'],
  ['day.json.gz', 'ndjson', 'day.labels.json.gz', 'day.manifest.json'],
  ['day', 'ndjson', 'day.labels', 'day.manifest.json'],
  ['a.b/day.1.txt', 'ndjson', 'a.b/day.1.txt.labels', 'a.b/day.1.txt.manifest.json'],
] as const) {
  test(`${out} is ${format}, with ${labels} and ${manifest} beside it`, () => {
    const { files, ...names } = outputNames({ ...none, out, labels: 'sidecar' });
    assert.deepEqual([names.format, files, names.manifest], [format, [out, labels], manifest]);
    // Columns are made of lines of JSON.
    assert.equal(names.form.format, format === 'csv' ? 'csv' : 'ndjson');
  });
}

test('--format goes before the name, and a manifest of one name before the other', () => {
  const asked = { ...none, out: 'day.txt', format: 'csv', manifest: 'none' } as const;
  assert.deepEqual(outputNames(asked), {
    form: { format: 'csv', labels: 'none' },
    format: 'csv',
    files: ['day.txt'],
    manifest: undefined,
  });
  assert.equal(outputNames({ ...asked, manifest: 'm.json' }).manifest, 'm.json');
});

test('nothing stands beside stdout', () => {
  assert.throws(() => outputNames({ ...none, labels: 'sidecar' }), /--labels sidecar needs --out/);
  assert.throws(() => outputNames({ ...none, manifest: 'm.json' }), /--manifest needs --out/);
  assert.throws(() => outputNames({ ...none, format: 'parquet' }), /--format parquet needs --out/);
  assert.throws(() => outputNames({ ...none, out: 'day.parquet.gz' }), /Leave out .gz/);
  assert.deepEqual(outputNames({ ...none, manifest: 'none' }).files, []);
});
