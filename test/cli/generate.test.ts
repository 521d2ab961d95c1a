import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { fraudstream, shell, start } from '../support/fraudstream.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fraudstream-generate-'));
});
after(() => rm(folder, { recursive: true }));

const there = (name: string): string => join(folder, name);
const linesOf = (text: string): readonly string[] => text.split('\n').filter(Boolean);
const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');
/** The rows of CSV by column. */
const rowsOf = (text: string | Uint8Array): readonly Readonly<Record<string, string>>[] =>
  parse(Buffer.from(text), { columns: true });
/** Runs to a good end, and gives stdout. */
async function generated(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await fraudstream(['generate', ...args]);
  assert.equal(code, 0, err);
  return out;
}

test('the bytes do not hang on the number of threads', async () => {
  const args = ['--seed', '11', '--count', '20000', '--cards', '1k'];
  const alone = sha256(await generated(...args));
  for (const threads of ['2', '4', '7', 'auto']) {
    assert.equal(sha256(await generated(...args, '--threads', threads)), alone, threads);
  }
});

test('more threads than a world has parts are refused, and the most is told', async () => {
  const { code, err } = await fraudstream(['generate', '--threads', '65']);
  assert.equal(code, 2);
  assert.match(err, /Give 1 to 64, or auto/);
});

test('the slices 1/3 to 3/3 of a world are the world, line by line', async () => {
  const args = ['--seed', '12', '--days', '0.5', '--cards', '1k'];
  const whole = linesOf(await generated(...args));
  assert.ok(whole.length > 300);
  const slices: string[] = [];
  for (const slice of ['1/3', '2/3', '3/3']) {
    const lines = linesOf(await generated(...args, '--partition', slice));
    assert.ok(lines.length > 50, slice);
    slices.push(...lines);
  }
  assert.deepEqual(slices.sort(), [...whole].sort());
  assert.equal((await fraudstream(['generate', '--partition', '0/3'])).code, 2);
});

test('whichever comes first ends it: the count or the days', async () => {
  const args = ['--seed', '13', '--cards', '1k'];
  const day = linesOf(await generated(...args, '--days', '0.25'));
  const ends = day.map((line) => Date.parse(JSON.parse(line).event_time));
  assert.ok(Math.max(...ends) < Date.UTC(2026, 0, 1, 6));
  assert.ok(day.length > 100 && day.length < 1000);
  assert.equal(linesOf(await generated(...args, '--days', '0.25', '--count', '50')).length, 50);
  assert.deepEqual(linesOf(await generated(...args, '--days', '0.25', '--count', '5000')), day);
  assert.equal(linesOf(await generated(...args)).length, 1000);
});

test('CSV holds the same transactions and labels as NDJSON', async () => {
  const args = ['--seed', '14', '--count', '3000', '--fraud-rate', '5%', '--labels', 'sidecar'];
  await generated(...args, '--out', there('same.ndjson'));
  await generated(...args, '--out', there('same.csv'), '--threads', 'auto');
  for (const part of ['same', 'same.labels']) {
    const lines = linesOf(await readFile(there(`${part}.ndjson`), 'utf8'));
    const rows = rowsOf(await readFile(there(`${part}.csv`)));
    const wanted = lines.map((line) =>
      Object.fromEntries(
        Object.entries(JSON.parse(line)).map(([name, value]) => [name, String(value ?? '')]),
      ),
    );
    assert.equal(rows.length, 3000);
    assert.deepEqual(rows, wanted);
  }
  const inline = await generated(...args.slice(0, -1), 'inline', '--format', 'csv');
  assert.match(
    inline,
    /^schema_version,.*,auth_code,cvm,original_transaction_id,is_fraud,fraud_scenario,campaign_id,/,
  );
  assert.equal(rowsOf(inline).length, 3000);
});

test('Parquet holds the same transactions and labels as NDJSON, and null is null', async () => {
  const args = ['--seed', '14', '--count', '60000', '--fraud-rate', '5%', '--labels', 'sidecar'];
  await generated(...args, '--out', there('columns.ndjson'));
  await generated(...args, '--out', there('columns.parquet'));
  for (const part of ['columns', 'columns.labels']) {
    const lines = linesOf(await readFile(there(`${part}.ndjson`), 'utf8'));
    const file = await asyncBufferFromFile(there(`${part}.parquet`));
    const rows = await parquetReadObjects({ file });
    assert.equal(rows.length, 60_000);
    for (const [place, row] of rows.entries()) {
      const text = JSON.stringify(row, (_, value) =>
        typeof value === 'bigint' ? Number(value) : value,
      );
      assert.equal(text, lines[place]);
    }
  }
});

test('a name that ends in .gz is compressed, the same bytes each time', async () => {
  const args = ['--seed', '15', '--count', '5000'];
  const plain = await generated(...args);
  await generated(...args, '--out', there('one.ndjson.gz'));
  await generated(...args, '--out', there('two.ndjson.gz'), '--threads', 'auto');
  const one = await readFile(there('one.ndjson.gz'));
  assert.equal(gunzipSync(one).toString(), plain);
  assert.ok(one.equals(await readFile(there('two.ndjson.gz'))));
});

test('the manifest tells the truth about the files, and is the same each time', async () => {
  const args = ['--seed', '16', '--count', '4000', '--fraud-rate', '10%', '--labels', 'sidecar'];
  const out = there('told.csv.gz');
  await generated(...args, '--out', out);
  const text = await readFile(there('told.manifest.json'), 'utf8');
  await generated(...args, '--out', out, '--threads', 'auto');
  assert.equal(await readFile(there('told.manifest.json'), 'utf8'), text);

  const manifest = JSON.parse(text);
  for (const { name, bytes, sha256: digest, uncompressed } of manifest.files) {
    const packed = await readFile(there(name));
    const plain = gunzipSync(packed);
    assert.deepEqual([bytes, digest], [packed.length, sha256(packed)]);
    assert.deepEqual(uncompressed, { bytes: plain.length, sha256: sha256(plain) });
  }
  const labels = rowsOf(gunzipSync(await readFile(there('told.labels.csv.gz'))));
  const frauds = labels.filter((label) => label.is_fraud === 'true');
  assert.equal(manifest.count, labels.length);
  assert.equal(manifest.frauds, frauds.length);
  for (const [scenario, count] of Object.entries(manifest.frauds_by_scenario)) {
    const same = frauds.filter((label) => label.fraud_scenario === scenario);
    assert.equal(same.length, count, scenario);
  }
  assert.deepEqual([manifest.world.seed, manifest.world.fraud_rate], [16, 0.1]);
  const rows = rowsOf(gunzipSync(await readFile(out)));
  assert.equal(manifest.first_event_time, rows.at(0)?.event_time);
  assert.equal(manifest.last_event_time, rows.at(-1)?.event_time);
});

test('--manifest none leaves the manifest out, and a name puts it there', async () => {
  await generated('--out', there('bare.ndjson'), '--manifest', 'none');
  assert.ok(!existsSync(there('bare.manifest.json')));
  await generated('--out', there('bare.ndjson'), '--manifest', there('other.json'));
  assert.ok(existsSync(there('other.json')));
});

test('a run that Ctrl-C stops leaves no file, and the one of before as it was', async () => {
  await generated('--count', '5', '--seed', '17', '--out', there('kept.ndjson'));
  const before = await readFile(there('kept.ndjson'));
  const names = (await readdir(folder)).sort();
  for (const threads of ['1', 'auto']) {
    const out = ['--out', there('kept.ndjson'), '--labels', 'sidecar', '--threads', threads];
    const run = start(['generate', '--count', '1000M', '--seed', '1', '--progress', 'bar', ...out]);
    await run.says(/transactions/);
    run.child.kill('SIGINT');
    const { code, err } = await run.ended;
    assert.equal(code, 130, err);
    assert.match(err, /stopped, .*kept\.ndjson.* not written/);
    assert.deepEqual((await readdir(folder)).sort(), names);
    assert.ok((await readFile(there('kept.ndjson'))).equals(before));
  }
});

test('"| head" ends a run of threads at once and quietly', async () => {
  for (const args of ['--count 5', '--count 10M --threads auto']) {
    const { out, code, err } = await shell(
      `fraudstream generate ${args} --seed 1 | head -1; exit "\${PIPESTATUS[0]}"`,
    );
    assert.equal(code, 0, err);
    assert.match(out, /^\{.*\}\n$/);
  }
});

test('cards, merchants and travels keep to the countries named; others are refused', async () => {
  const args = ['--seed', '18', '--count', '500', '--countries', 'jp,KW'];
  for (const line of linesOf(await generated(...args))) {
    const { card_country, merchant_country } = JSON.parse(line);
    assert.match(`${card_country} ${merchant_country}`, /^(JP|KW) (JP|KW)$/);
  }
  const { code, err } = await fraudstream(['generate', '--countries', 'DE,XX']);
  assert.equal(code, 2);
  assert.match(err, /no country "XX".*US, GB, DE/);
});

test('--stats adds up to the count, and its page stands alone', async () => {
  const page = there('world.html');
  const out = await generated('--seed', '19', '--count', '20k', '--stats', '--report', page);
  assert.match(out, /^20,000 transactions, \d+ of them frauds/);
  for (const view of [
    'by type',
    'by channel',
    'by local hour',
    'by family of the source address',
  ]) {
    const [, rows = ''] =
      new RegExp(`^Transactions ${view}\\n.*\\n((?:  .*\\n)+)`, 'm').exec(out) ?? [];
    const counts = linesOf(rows).map((row) =>
      Number(/ ([\d,]+) +[\d.]+ %$/.exec(row)?.[1]?.replace(',', '')),
    );
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      20_000,
      view,
    );
  }
  const html = await readFile(page, 'utf8');
  assert.match(html, /uPlot/);
  assert.doesNotMatch(html, /<(?:script|link|img)[^>]+(?:src|href)="(?!data:)/);
  const both = await fraudstream(['generate', '--stats', '--out', there('x.ndjson')]);
  assert.equal(both.code, 2);
  assert.match(both.err, /--stats writes no transactions/);
});
