import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Shard } from '../put-client.ts';
import { ShardMap } from '../shard-map.ts';
import { plan } from './plan.ts';
import { producerDefaults } from './producer-settings.ts';

const KEYS = 2n ** 128n;

function evenShards(count: number): ShardMap {
  const width = KEYS / BigInt(count);
  const shards = Array.from(
    { length: count },
    (_, index): Shard => ({
      shardId: `shardId-${index}`,
      startingHashKey: String(width * BigInt(index)),
      endingHashKey: String(index === count - 1 ? KEYS - 1n : width * BigInt(index + 1) - 1n),
      isOpen: true,
      parentShardIds: [],
    }),
  );
  return new ShardMap(shards);
}

const records = (count: number, keys: number, bytes: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: String(index),
    partitionKey: `card-${index % keys}`,
    data: Buffer.alloc(bytes),
  }));

test('a rate below every limit loads each shard by its share', () => {
  const planned = plan(records(10_000, 5_000, 500), evenShards(4), 2_000, producerDefaults);
  assert.equal(planned.shardsNeeded, 1);
  assert.ok(planned.capacityPerSecond > 6_000 && planned.capacityPerSecond < 8_400);
  const load = planned.shards.reduce((sum, shard) => sum + shard.load, 0);
  // 2000 records of about 510 bytes are 0.97 of one shard's MiB.
  assert.ok(load > 0.9 && load < 1.05, String(load));
});

test('at a low rate records leave nearly alone: the wait for company is over first', () => {
  const planned = plan(records(2_000, 1_000, 100), evenShards(4), 40, producerDefaults);
  assert.ok(planned.aggregationRatio < 2.5, String(planned.aggregationRatio));
});

test('a single hot key fills one shard, and no more shards would help that one', () => {
  const planned = plan(records(5_000, 1, 1_000), evenShards(4), 4_000, producerDefaults);
  const loads = planned.shards.map((shard) => shard.load).sort((a, b) => b - a);
  assert.ok((loads[0] ?? 0) > 3.5 && loads[1] === 0);
  assert.ok(planned.capacityPerSecond < 1_100);
});

test('without aggregation the limit of records binds before that of bytes', () => {
  const settings = { ...producerDefaults, aggregationEnabled: false };
  const planned = plan(records(8_000, 8_000, 100), evenShards(2), 4_000, settings);
  assert.equal(planned.aggregationRatio, 1);
  assert.equal(planned.shardsNeeded, 4);
});

test('without a rate the figures are those at capacity', () => {
  const planned = plan(
    records(5_000, 5_000, 500),
    evenShards(4),
    Number.POSITIVE_INFINITY,
    producerDefaults,
  );
  assert.equal(planned.shardsNeeded, undefined);
  assert.equal(planned.userRecordsPerSecond, planned.capacityPerSecond);
  assert.equal(Math.max(...planned.shards.map((shard) => shard.load)), 1);
});
