import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fixtures } from '../support/fraudstream.ts';
import { inProcess } from '../support/in-process.ts';
import { folder } from '../support/recordings.ts';

const place = folder('features');
const day = join(fixtures, 'transactions', 'day.ndjson');
const labels = join(fixtures, 'transactions', 'day.labels.ndjson');
const python = process.env.FRAUDSTREAM_PYTHON ?? 'python3';
const isReady = spawnSync(python, ['-c', 'import numpy']).status === 0;
const skip =
  isReady || process.env.FRAUDSTREAM_REQUIRE_ALL
    ? false
    : `${python} lacks numpy: pip install -r test/python/requirements.txt`;
const rowsOf = (text: string): readonly string[] => text.trim().split('\n').slice(1);

test('the expected features are what the independent check makes of the definitions', {
  skip,
}, () => {
  const script = join(fixtures, '..', 'test', 'python', 'features.py');
  const made = execFileSync(python, [script, join(fixtures, 'features')], { encoding: 'utf8' });
  assert.equal(made, readFileSync(join(fixtures, 'features', 'expected.txt'), 'utf8'));
});

test('features: a row for each transaction, with the truth of a file of labels', async () => {
  const { code, out, err } = await inProcess(['features', '--input', day, '--labels', labels]);
  assert.equal(code, 0, err);
  const [header = '', first = ''] = out.split('\n');
  assert.match(
    header,
    /^transaction_id,event_time,card_id,amount_usd,.*,terminal_risk_30d,is_fraud,fraud_scenario$/,
  );
  assert.equal(first.split(',').length, header.split(',').length);
  const frauds = readFileSync(labels, 'utf8').match(/"is_fraud":true/g)?.length;
  assert.equal(rowsOf(out).filter((row) => /,1,[a-z_]+$/.test(row)).length, frauds);
  assert.equal(rowsOf(out).length, readFileSync(day, 'utf8').trim().split('\n').length);
});

test('features: without labels the truth is empty; bad lines are told and left out', async () => {
  const bad = join(place, 'bad.ndjson');
  const good = readFileSync(day, 'utf8');
  writeFileSync(bad, `${good}{"transaction_id":"x"}\n`);
  const { code, out, err } = await inProcess(['features', '--input', bad]);
  assert.equal(code, 65);
  assert.ok(err.includes(`bad.ndjson:${good.split('\n').length}: schema_version is required`), err);
  assert.ok(rowsOf(out).every((row) => row.endsWith(',,')));
});

test('features: a kept state goes on as if there had been no break', async () => {
  const lines = readFileSync(day, 'utf8').trim().split('\n');
  const [morning, evening, state] = ['a.ndjson', 'b.ndjson', 'state'].map((name) =>
    join(place, name),
  );
  assert.ok(morning && evening && state);
  writeFileSync(morning, `${lines.slice(0, 70).join('\n')}\n`);
  writeFileSync(evening, `${lines.slice(70).join('\n')}\n`);
  const one = await inProcess(['features', '--input', morning, '--snapshot', state]);
  const two = await inProcess(['features', '--input', evening, '--restore', state]);
  const whole = await inProcess(['features', '--input', day]);
  assert.deepEqual([...rowsOf(one.out), ...rowsOf(two.out)], rowsOf(whole.out));
  writeFileSync(state, 'nothing of that kind');
  const broken = await inProcess(['features', '--input', day, '--restore', state]);
  assert.equal(broken.code, 65);
});

test('features: a generated world has its labels, and the same seed the same rows', async () => {
  const args = ['features', '--count', '3000', '--seed', '4', '--fraud-rate', '5%'];
  const [one, two] = await Promise.all([inProcess(args), inProcess(args)]);
  assert.equal(one.out, two.out);
  const frauds = rowsOf(one.out).filter((row) => /,1,[a-z_]+$/.test(row)).length;
  assert.ok(frauds > 50, `${frauds}`);
  assert.equal(rowsOf(one.out).filter((row) => row.endsWith(',0,')).length, 3000 - frauds);
  const file = join(place, 'rows.csv.gz');
  const written = await inProcess([...args, '--out', file]);
  assert.equal(written.code, 0, written.err);
  assert.ok(existsSync(file));
});
