import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryPool } from './memory-pool.ts';

test('memory is used again, and a larger piece takes the place of a smaller one', () => {
  const pool = new MemoryPool((bytes) => new SharedArrayBuffer(bytes));
  const [small, large] = [pool.take(1_000), pool.take(5_000_000)];
  assert.ok(small.byteLength >= 1_000 && large.byteLength >= 5_000_000);
  pool.giveBack(large);
  pool.giveBack(small);
  assert.equal(pool.take(2_000), small);
  assert.equal(pool.take(4_000_000), large);
  pool.giveBack(small);
  assert.notEqual(pool.take(5_000_000), small);
  assert.notEqual(pool.take(1_000), small);
});

test('memory that is in use is not given to anybody else, and a burst is not kept', () => {
  const pool = new MemoryPool((bytes) => new ArrayBuffer(bytes));
  const taken = Array.from({ length: 100 }, () => pool.take(10));
  assert.equal(new Set(taken).size, 100);
  for (const memory of taken) pool.giveBack(memory);
  const again = Array.from({ length: 100 }, () => pool.take(10));
  assert.ok(again.filter((memory) => taken.includes(memory)).length <= 8);
});
