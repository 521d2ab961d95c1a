import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deaggregate } from '../../kpl/deaggregate.ts';
import { ShardMap } from '../shard-map.ts';
import { NO_ATTEMPTS } from './pending-record.ts';
import { producerDefaults } from './producer-settings.ts';
import { ShardQueues } from './shard-queue.ts';

test('each key is listed once in its aggregate, also beyond the keys whose shard is remembered', () => {
  const map = new ShardMap([
    {
      shardId: 'shardId-000000000000',
      startingHashKey: '0',
      endingHashKey: String(2n ** 128n - 1n),
      isOpen: true,
      parentShardIds: [],
    },
  ]);
  const queues = new ShardQueues(map, { ...producerDefaults, rateLimit: 1e9 }, Math.random);
  const data = Buffer.from('x');
  // A key alone, then a, b, a, b, c, d, c, d and so on: the 200,001st key comes between two records of another.
  const pairs = Array.from({ length: 400_040 }, (_, index) => `k${(index >> 2) * 2 + (index & 1)}`);
  const keys = ['alone', ...pairs];
  for (const [ordinal, partitionKey] of keys.entries()) {
    const record = { id: String(ordinal), partitionKey, data };
    queues.add(record, ordinal, 0, 0, NO_ATTEMPTS, 100, 0);
  }
  const seen: string[] = [];
  for (const queue of queues) {
    queue.seal();
    for (let entry = queue.release(0); entry; entry = queue.release(0)) {
      const read = deaggregate(entry.data);
      assert.ok(read.kind === 'aggregate');
      const entryKeys = read.records.map(({ partitionKey }) => partitionKey);
      seen.push(...entryKeys);
      const text = Buffer.from(entry.data).toString('latin1');
      // Tag 1, length, key; data are an x, so that nothing else looks like it.
      const listings = text.split(/\n.(?=k\d)/).length - 1;
      assert.equal(listings, new Set(entryKeys.filter((key) => key !== 'alone')).size);
    }
  }
  assert.deepEqual(seen, keys);
});
