import assert from 'node:assert/strict';
import { test } from 'node:test';
import { world } from '../world.ts';
import { BlockMaker, SharedBlockPool } from './block-buffers.ts';
import { append, BLOCK_LINES, emptyBlock, fits, linesOf } from './line-block.ts';

const form = { format: 'ndjson', labels: 'sidecar' } as const;
const shape = { lines: BLOCK_LINES, hasLabels: true };

/** Fills a block of a pool from a world, again and again; returns the contents, one after the other. */
async function filled(pool: SharedBlockPool, index: number) {
  const maker = new BlockMaker(await world({ seed: 1, cards: 500, fraudRate: 0.1 }), form);
  const block = emptyBlock(shape);
  const contents = { keys: [] as number[], scenarios: [] as number[], texts: ['', ''], count: 0 };
  while (fits(block, pool.at(index))) {
    maker.fill(block);
    append(block, pool.at(index));
    contents.count += block.count;
    contents.keys.push(...block.keys.subarray(0, block.count));
    contents.scenarios.push(...block.scenarios.subarray(0, block.count));
    for (const [track, lines] of block.tracks.entries()) {
      contents.texts[track] += Buffer.from(linesOf(lines, block.count)).toString();
    }
  }
  return contents;
}

test('what stands on a shelf reads on the other side as the blocks that were put there', async () => {
  const pool = new SharedBlockPool(true);
  const other = new SharedBlockPool(true, pool.memory);
  const blockIndex = pool.take() as number;
  const { keys, scenarios, texts, count } = await filled(pool, blockIndex);
  assert.ok(count > 10 * BLOCK_LINES, `${count} lines`);
  const read = other.at(blockIndex);
  assert.deepEqual([...read.keys.subarray(0, count)], keys);
  assert.deepEqual([...read.scenarios.subarray(0, count)], scenarios);
  for (const [track, lines] of read.tracks.entries()) {
    assert.equal(Buffer.from(linesOf(lines, count)).toString(), texts[track]);
    const ends = [...(texts[track] as string).matchAll(/\n/g)].map(({ index }) => index + 1);
    assert.deepEqual([...lines.ends.subarray(0, count)], ends);
  }
});

test('a block is taken once, and again when the other side has released it', () => {
  const pool = new SharedBlockPool(false);
  const other = new SharedBlockPool(false, pool.memory);
  const indexes = [pool.take(), pool.take(), pool.take()];
  assert.equal(new Set(indexes).size, 3);
  assert.equal(pool.take(), undefined);
  append({ ...emptyBlock({ ...shape, hasLabels: false }), count: 8 }, pool.at(1));
  other.release(1);
  assert.equal(pool.take(), 1);
  assert.equal(pool.at(1).count, 0, 'and is empty');
});
