import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashKeyFromDecimal } from '../kpl/hash-key.ts';
import type { Shard } from './put-client.ts';
import { ShardMap } from './shard-map.ts';

const LAST = 2n ** 128n - 1n;
const shard = (shardId: string, start: bigint, end: bigint, isOpen = true): Shard => ({
  shardId,
  startingHashKey: String(start),
  endingHashKey: String(end),
  isOpen,
  parentShardIds: [],
});
/** A parent that was split unevenly, and a neighbour; told in no order. */
const map = new ShardMap([
  shard('right', 2n ** 100n, LAST),
  shard('parent', 0n, 2n ** 100n - 1n, false),
  shard('tiny', 0n, 0n),
  shard('middle', 1n, 2n ** 100n - 1n),
]);

test('a key is predicted into the open shard whose range holds it, both ends included', () => {
  const cases: readonly (readonly [bigint, string])[] = [
    [0n, 'tiny'],
    [1n, 'middle'],
    [2n ** 100n - 1n, 'middle'],
    [2n ** 100n, 'right'],
    [LAST, 'right'],
  ];
  for (const [key, shardId] of cases) {
    assert.equal(map.predict(hashKeyFromDecimal(String(key))), shardId, String(key));
  }
});

test('a closed shard still tells its range, an unknown one holds nothing', () => {
  const key = hashKeyFromDecimal('5');
  assert.ok(map.contains('parent', key));
  assert.ok(!map.contains('right', key));
  assert.ok(!map.contains('unknown', key));
  assert.ok(map.isKnown('parent') && !map.isKnown('unknown'));
});

test('a map without open shards predicts nothing', () => {
  assert.equal(new ShardMap([]).predict(hashKeyFromDecimal('1')), undefined);
});
