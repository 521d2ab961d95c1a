import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TransactionDraft } from '../simulation/draft.ts';
import { drafts } from '../simulation/merge-shards.ts';
import { world } from '../world.ts';
import { DraftRows, ROW_BYTES } from './window-exchange.ts';

const ROWS = 256;

test('a draft that was written as a row is read as it was', async () => {
  const durationMs = 30 * 86_400_000;
  const made = await world({ seed: 7, cards: 500, fraudRate: 0.3, durationMs });
  const rows = new DraftRows(new SharedArrayBuffer(8 + ROWS * ROW_BYTES), 8, ROWS);
  const draft = new TransactionDraft();
  let count = 0;
  for (const group of drafts(made, made.startAt + durationMs)) {
    for (const [row, each] of group.entries()) rows.write(row, each);
    for (const [row, each] of group.entries()) {
      rows.read(row, draft);
      assert.deepEqual(draft, each);
      assert.equal(rows.key(row), each.atMs * 64 + (each.sequence % 64));
    }
    count += group.length;
  }
  assert.ok(count > 20_000);
});

test('numbers at their ends are read as they were', () => {
  const rows = new DraftRows(new SharedArrayBuffer(ROW_BYTES), 0, 1);
  const ends = { sequence: 2 ** 52 + 1, campaign: 2 ** 40, amount: 2 ** 45, stranger: -(2 ** 31) };
  const draft = Object.assign(new TransactionDraft(), ends, {
    ip4: 2 ** 32 - 1,
    net6: 2 ** 48 - 1,
    host6: -(2 ** 31),
    deviceOwner: 2 ** 40,
    deviceNumber: -(2 ** 31),
    card: 99_999_999,
  });
  const read = new TransactionDraft();
  rows.write(0, draft);
  rows.read(0, read);
  assert.deepEqual(read, draft);
});
