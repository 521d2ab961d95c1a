import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InputRow } from '../reading/row.ts';
import { withPaths } from './check-columns.ts';
import { mappingOf } from './mapping-file.ts';

const row = (line: number, value: unknown): InputRow => {
  return { line, bytes: Buffer.from('{}'), value, fault: undefined };
};

async function* broken(...rows: readonly InputRow[]): AsyncGenerator<readonly InputRow[]> {
  for (const one of rows) yield [one];
  throw new Error('damaged');
}

test('of a file that breaks off, the rows before that are read, however few', async () => {
  const mapping = await mappingOf([
    'transaction_id=id,event_time=t,card_id=card,amount=amt,currency:USD',
  ]);
  assert.ok(mapping);
  const fields = { id: '1', t: '2026-01-01T00:00:00Z', card: 'c', amt: 1 };
  for (const file of ['few.ndjson.gz', 'stdin']) {
    const lines: number[] = [];
    const reading = async (): Promise<void> => {
      const groups = withPaths(broken(row(1, fields), row(2, fields)), file, mapping);
      for await (const group of groups) lines.push(...group.map(({ line }) => line));
    };
    await assert.rejects(reading, /damaged/);
    assert.deepEqual(lines, [1, 2], file);
  }
});
