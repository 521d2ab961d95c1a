import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { FraudstreamError } from '../errors.ts';
import { labelLine } from '../transactions/label.ts';
import { transactionLine } from '../transactions/transaction.ts';
import { type LineSettings, lineBlocks } from './line-blocks.ts';
import { threadedBlocks } from './lines/block-threads.ts';
import { linesOf } from './lines/line-block.ts';
import { Extract } from './lines/line-fields.ts';
import { transactions } from './transactions.ts';
import { type WorldSettings, world } from './world.ts';

const HOUR_MS = 3_600_000;
const small: WorldSettings = { seed: 3, cards: 500, fraudRate: 0.1, durationMs: 240 * HOUR_MS };

/** Digest of each track, and what the blocks say of themselves. */
async function digests(settings: WorldSettings, asked: LineSettings) {
  const hashes = [createHash('sha256'), createHash('sha256')];
  const extract = new Extract();
  for await (const block of lineBlocks(settings, asked)) {
    extract.add(block);
    for (const [track, lines] of block.tracks.entries()) {
      hashes[track]?.update(linesOf(lines, block.count));
    }
  }
  return { sha256: hashes.map((hash) => hash.digest('hex')), ...extract.summary() };
}

for (const asked of [
  { format: 'ndjson', labels: 'none' },
  { format: 'ndjson', labels: 'sidecar' },
  { format: 'csv', labels: 'sidecar' },
  { format: 'ndjson', labels: 'inline' },
] as const) {
  test(`the bytes are the same for 1 to 4 threads: ${asked.format}, labels ${asked.labels}`, async () => {
    const alone = await digests(small, { ...asked, threads: 1 });
    assert.ok(alone.count > 7_000);
    for (const threads of [2, 3, 4]) {
      assert.deepEqual(await digests(small, { ...asked, threads }), alone, `${threads} threads`);
    }
  });
}

test('the lines of a slice of a world are the same for 1 and 3 threads', async () => {
  const slice = { ...small, partition: { index: 1, of: 30 } };
  const alone = await digests(slice, {});
  assert.ok(alone.count > 100);
  assert.deepEqual(await digests(slice, { threads: 3 }), alone);
});

test('lines and labels say what the transactions and labels of the world say', async () => {
  const settings = { ...small, durationMs: 20 * HOUR_MS };
  const lines = ['', ''];
  for await (const block of lineBlocks(settings, { labels: 'sidecar' })) {
    for (const [track, text] of block.tracks.entries()) {
      lines[track] += Buffer.from(linesOf(text, block.count)).toString();
    }
  }
  const all = [...transactions(await world(settings))].flat();
  assert.ok(all.length > 500);
  assert.equal(
    lines[0],
    all.map(({ transaction }) => `${transactionLine(transaction)}\n`).join(''),
  );
  assert.equal(lines[1], all.map(({ label }) => `${labelLine(label)}\n`).join(''));
});

test('who leaves early leaves no thread behind', async () => {
  // A thread that is left would keep this test's process alive.
  for await (const block of lineBlocks({ seed: 1 }, { threads: 2 })) {
    assert.ok(block.count > 0);
    break;
  }
});

test('a world that cannot be made is refused before and in threads alike', async () => {
  for (const threads of [1, 2]) {
    await assert.rejects(
      lineBlocks({ cards: 0 }, { threads }).next(),
      (error) => error instanceof FraudstreamError && error.code === 'usage',
    );
  }
});

test('a thread that fails ends the reading with its error, and the others with it', async () => {
  const form = { format: 'ndjson', labels: 'none' } as const;
  const broken = threadedBlocks({ cards: 0 }, form, 3);
  await assert.rejects(broken.next(), /The world's cards is 0/);
});
