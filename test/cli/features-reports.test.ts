import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { featureNames } from '../../dist/features/manifest.js';
import { type Ended, fixtures } from '../support/fraudstream.ts';
import { inProcess } from '../support/in-process.ts';
import { folder, linesOf } from '../support/recordings.ts';

const place = folder('reports');
const path = (name: string): string => join(place, name);
const features = (...args: readonly string[]): Promise<Ended> =>
  inProcess(['features', ...args, '--progress', 'none']);
/** A month of fifty cards, with frauds enough for reports to come in. */
const size = ['--count', '3000', '--seed', '7', '--cards', '50', '--merchants', '100'];
const world = [...size, '--fraud-rate', '0.1'];
let wanted = '';

before(async () => {
  wanted = (await features(...world)).out;
  assert.equal(linesOf(wanted).length, 3001);
  for (const [form, name] of [
    ['sidecar', 'world.ndjson'],
    ['inline', 'inline.ndjson'],
  ] as const) {
    const to = ['--labels', form, '--out', path(name), '--manifest', 'none'];
    await inProcess(['generate', ...world, ...to]);
  }
});

test('labels beside the lines, inside them, or both give the rows that the world itself gives', async () => {
  const beside = ['--labels', path('world.labels.ndjson')];
  assert.equal((await features('--input', path('world.ndjson'), ...beside)).out, wanted);
  assert.equal((await features('--input', path('inline.ndjson'))).out, wanted);
  // A label that is told twice is learnt once.
  assert.equal((await features('--input', path('inline.ndjson'), ...beside)).out, wanted);
});

test('who goes on from a snapshot gets the rows of one run, reports that were waiting included', async () => {
  const lines = linesOf(readFileSync(path('inline.ndjson'), 'utf8'));
  writeFileSync(path('first.ndjson'), `${lines.slice(0, 1400).join('\n')}\n`);
  writeFileSync(path('second.ndjson'), `${lines.slice(1400).join('\n')}\n`);
  const first = await features('--input', path('first.ndjson'), '--snapshot', path('state'));
  const goesOn = ['--input', path('second.ndjson'), '--restore', path('state')];
  const second = await features(...goesOn);
  assert.equal(first.out + second.out.slice(second.out.indexOf('\n') + 1), wanted);
  // The same reports once more, from a file: none is learnt again.
  const told = await features(...goesOn, '--labels', path('world.labels.ndjson'));
  assert.equal(told.out, second.out);
});

test('a fraud counts for its merchant from the instant it is reported, and not before', async () => {
  const line = (time: string, id: string, more = {}): string =>
    JSON.stringify({
      schema_version: 1,
      transaction_id: id,
      event_time: `2026-01-01T00:00:0${time}Z`,
      card_id: id,
      merchant_id: 'm',
      amount_minor: 1,
      currency: 'USD',
      ...more,
    });
  const truth = { is_fraud: true, reported_at: '2026-01-01T00:00:02.000Z' };
  const lines = [line('0.000', 'a', truth), line('1.999', 'b'), line('2.000', 'c')];
  writeFileSync(path('reported.ndjson'), lines.join('\n'));
  const { out } = await features('--input', path('reported.ndjson'));
  const risk = 3 + featureNames.indexOf('merchant_risk_1d');
  const found = linesOf(out)
    .slice(1)
    .map((row) => Math.fround(Number(row.split(',')[risk])));
  assert.deepEqual(found, [0.02 / 4, 0.02 / 4, 1.02 / 4].map(Math.fround));
});

test('a state that is none, or is not there, is refused by name', async () => {
  const none = join(fixtures, 'features', 'README.md');
  const broken = await features('--input', path('world.ndjson'), '--restore', none);
  assert.equal(broken.code, 65);
  assert.match(broken.err, /README\.md was not written by features --snapshot/);
  const missing = await features('--input', path('world.ndjson'), '--restore', path('nothing'));
  assert.equal(missing.code, 66);
  assert.match(missing.err, /nothing cannot be read/);
});

test('late transactions are counted, and only those of this run', async () => {
  const lines = linesOf(readFileSync(path('world.ndjson'), 'utf8'));
  const turned = [...lines.slice(200, 400), ...lines.slice(0, 200)];
  writeFileSync(path('late.ndjson'), `${turned.join('\n')}\n`);
  writeFileSync(path('rest.ndjson'), `${lines.slice(400).join('\n')}\n`);
  const first = await features('--input', path('late.ndjson'), '--snapshot', path('late'));
  assert.match(first.err, /^400 rows of features, \d+ of them late \(--sort orders files\)$/m);
  const second = await features('--input', path('rest.ndjson'), '--restore', path('late'));
  assert.match(second.err, /^2,?600 rows of features$/m);
});
