import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { Random } from '../../generators/numbers/random.ts';
import { csvRows } from './csv-rows.ts';
import type { InputRow } from './row.ts';

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function rowsOf(text: string): Promise<readonly InputRow[]> {
  const rows: InputRow[] = [];
  for await (const group of csvRows(inPieces(text, 65_536), { file: 'a.csv' })) rows.push(...group);
  return rows.toSorted((a, b) => a.line - b.line);
}

const sound = (count: number): string => 'x,y\n'.repeat(count);

test('a quote that is never closed costs the lines of 1 MiB, and the rest goes on', async () => {
  const rows = await rowsOf(`a,b\n1,2\n3,"4\n${sound(600_000)}`);
  const bad = rows.filter(({ fault }) => fault);
  assert.deepEqual(
    bad.map(({ line }) => line),
    [3],
  );
  assert.match(bad[0]?.fault?.reason ?? '', /more than 1048576 bytes: is a quote not closed/);
  const lost = 1_048_576 / 4;
  assert.ok(Math.abs(rows.length - 1 - (600_001 - lost)) < 3, `${rows.length} rows`);
  assert.equal(rows.at(-1)?.line, 600_003);
});

test('a field of many megabytes is one bad line', async () => {
  const rows = await rowsOf(`a,b\n1,${'x'.repeat(20_000_000)}\n3,4\n`);
  assert.deepEqual(
    rows.map(({ line, fault }) => [line, fault === undefined]),
    [
      [2, false],
      [3, true],
    ],
  );
});

test('a first line of many megabytes is refused', async () => {
  await assert.rejects(
    rowsOf('x'.repeat(5_000_000)),
    /The first line of a CSV file names its columns/,
  );
});

test('records come out as csv-parse reads them, however they are cut', async () => {
  const random = new Random(17, 0);
  const one = (from: readonly string[]): string => from[random.below(from.length)] as string;
  const cell = (): string =>
    random.chance(0.5)
      ? one(['a', '', 'b c', 'ä', '1.5', 'it"s', "'"])
      : `"${one(['', 'a,b', 'c""d', 'e\nf', 'g\r\nh', '""', ' '])}"`;
  for (let time = 0; time < 300; time += 1) {
    const end = one(['\n', '\r\n']);
    const lines = Array.from({ length: 8 }, () => `${cell()},${cell()},${cell()}`);
    const text = ['x,y,z', ...lines].join(end) + one(['', end, end + end]);
    const wanted = parse(text, {
      ...{ columns: true, relax_quotes: true, skip_empty_lines: true },
      record_delimiter: end,
    }) as Record<string, string>[];
    const found: unknown[] = [];
    const pieces = inPieces(text, 1 + random.below(20));
    for await (const group of csvRows(pieces, { file: 'a.csv' })) {
      for (const { value, fault } of group) {
        assert.equal(fault, undefined, text);
        found.push(value);
      }
    }
    const filled = wanted.map((row) =>
      Object.fromEntries(Object.entries(row).filter(([, field]) => field !== '')),
    );
    assert.deepEqual(found, filled, text);
  }
});

test('the separator is found from the header, and a column that stands twice is refused', async () => {
  for (const sign of ['|', ';', '\t', ',']) {
    const [row] = await rowsOf(`a${sign}"b${sign}c"${sign}d\n1${sign}2${sign}3\n`);
    assert.deepEqual(row?.value, { a: '1', [`b${sign}c`]: '2', d: '3' }, sign);
  }
  await assert.rejects(rowsOf('a,b,a\n1,2,3\n'), /names the column "a" twice/);
});

test('lines that end in CR alone are lines, and a quote open at the end is a bad record', async () => {
  const rows = await rowsOf('a,b\r1,2\r3,4\r');
  assert.deepEqual(
    rows.map(({ value }) => value),
    [
      { a: '1', b: '2' },
      { a: '3', b: '4' },
    ],
  );
  const [, open] = await rowsOf('a,b\n1,2\n3,"4\n5,6\n');
  assert.deepEqual([open?.line, open?.fault?.reason], [3, 'is not CSV (a quote is not closed)']);
});

test('what is not UTF-8 is said to be, with the setting for Latin-1', async () => {
  const rows: InputRow[] = [];
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('a,b\nM\u00fcller,1\nx,2\n', 'latin1');
  }
  for await (const group of csvRows(bytes(), { file: 'a.csv' })) rows.push(...group);
  assert.match(rows[0]?.fault?.reason ?? '', /not UTF-8: for Latin-1 set "encoding: latin1"/);
  assert.deepEqual(rows[1]?.value, { a: 'x', b: '2' });
});
