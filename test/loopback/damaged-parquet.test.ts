import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { FraudstreamError } from '../../dist/errors.js';
import { parquetRows } from '../../dist/files/reading/parquet-rows.js';
import { seeded } from '../support/seeded.ts';

const folder = mkdtempSync(join(tmpdir(), 'fraudstream-parquet-'));
after(() => rmSync(folder, { recursive: true }));

const ROWS = 5;
/** A whole file with a text, a number and an instant in each row. */
const whole = Buffer.from(
  parquetWriteBuffer({
    columnData: [
      { name: 'card', data: Array.from({ length: ROWS }, (_, row) => `C${row}`), type: 'STRING' },
      { name: 'minor', data: Array.from({ length: ROWS }, (_, row) => row), type: 'INT32' },
    ],
    statistics: false,
  }),
);
const footerFrom = whole.length - 8 - whole.readUInt32LE(whole.length - 8);

/** How many rows come out of a file with these bytes; `refused` for one that is told to be damaged. */
async function outcomeOf(bytes: Buffer, name: string): Promise<number | 'refused'> {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  let count = 0;
  try {
    for await (const rows of parquetRows(path, { groupMs: 5_000 })) count += rows.length;
    return count;
  } catch (error) {
    assert.ok(error instanceof FraudstreamError, String(error));
    assert.equal(error.code, 'bad-data');
    assert.ok(error.message.startsWith(`${path} cannot be read as Parquet: `), error.message);
    return 'refused';
  }
}

function changedAt(...places: readonly (readonly [at: number, byte: number])[]): Buffer {
  const bytes = Buffer.from(whole);
  for (const [at, byte] of places) bytes[at] = byte;
  return bytes;
}

test('a Parquet file with any byte of its footer changed gives its rows, or is refused by name', async () => {
  assert.equal(await outcomeOf(whole, 'whole.parquet'), ROWS);
  const random = seeded(17);
  const byte = (): number => Math.floor(random() * 256);
  const inFooter = (): number => footerFrom + Math.floor(random() * (whole.length - footerFrom));
  const files = [
    ...Array.from({ length: whole.length - footerFrom }, (_, at) =>
      changedAt([footerFrom + at, byte()]),
    ),
    ...Array.from({ length: 100 }, () =>
      changedAt([inFooter(), byte()], [inFooter(), byte()], [inFooter(), byte()]),
    ),
    ...Array.from({ length: 40 }, () => whole.subarray(0, Math.floor(random() * whole.length))),
    ...Array.from({ length: 60 }, () => changedAt([Math.floor(random() * footerFrom), byte()])),
  ];
  let next = 0;
  const counts = new Map<number | 'refused', number>();
  const worker = async (name: string): Promise<void> => {
    for (let bytes = files[next++]; bytes; bytes = files[next++]) {
      const outcome = await outcomeOf(bytes, name);
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    }
  };
  await Promise.all(['a.parquet', 'b.parquet'].map(worker));
  assert.deepEqual(
    [...counts.keys()].filter((key) => key !== ROWS && key !== 'refused'),
    [],
  );
  assert.ok((counts.get('refused') ?? 0) > 100, JSON.stringify([...counts]));
});
