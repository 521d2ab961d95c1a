import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../generators/numbers/random.ts';
import { withoutLongRecords } from './csv-records.ts';
import { csvRows } from './csv-rows.ts';
import type { InputRow } from './row.ts';

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function rowsOf(text: string): Promise<readonly InputRow[]> {
  const rows: InputRow[] = [];
  for await (const group of csvRows(inPieces(text, 65_536))) rows.push(...group);
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

test('records that are not too long pass unchanged, however they are cut', async () => {
  const random = new Random(17, 0);
  const parts = ['a', ',', '"', '""', '\n', '\r\n', '\r', ' ', '","', 'b"c', '"\n'];
  for (let time = 0; time < 500; time += 1) {
    const text = Array.from({ length: 40 }, () => parts[random.below(parts.length)]).join('');
    const passed: Uint8Array[] = [];
    const pieces = inPieces(text, 1 + random.below(20));
    const told = (): void => assert.fail('none is too long');
    for await (const part of withoutLongRecords(pieces, 1_000, told)) passed.push(part);
    assert.equal(Buffer.concat(passed).toString(), text);
  }
});
