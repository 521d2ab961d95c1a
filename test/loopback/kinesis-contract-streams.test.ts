import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  IncreaseStreamRetentionPeriodCommand,
  ListShardsCommand,
  ListStreamsCommand,
  MergeShardsCommand,
  PutRecordCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { fails, LAST_KEY, moment, onEachKinesis } from '../support/kinesis-contract.ts';

onEachKinesis((kinesis) => {
  test('a new stream becomes ACTIVE with shards that divide all hash keys among them', async () => {
    const name = await kinesis().stream(3);
    const found = await kinesis().summary(name);
    assert.equal(found?.OpenShardCount, 3);
    assert.match(
      found?.StreamARN ?? '',
      new RegExp(`^arn:aws:kinesis:us-east-1:\\d{12}:stream/${name}$`),
    );
    let next = 0n;
    for (const { HashKeyRange } of await kinesis().shardsOf(name)) {
      assert.equal(BigInt(HashKeyRange?.StartingHashKey ?? -1), next);
      next = BigInt(HashKeyRange?.EndingHashKey ?? -1) + 1n;
    }
    assert.equal(next, LAST_KEY + 1n);
    const { StreamDescription } = await kinesis().sdk.send(
      new DescribeStreamCommand({ StreamName: name }),
    );
    assert.deepEqual(
      StreamDescription?.Shards?.map(({ ShardId }) => ShardId),
      ['shardId-000000000000', 'shardId-000000000001', 'shardId-000000000002'],
    );
  });

  test('streams are listed until they are deleted', async () => {
    const name = await kinesis().stream(1);
    const listed = async () =>
      (await kinesis().sdk.send(new ListStreamsCommand())).StreamNames ?? [];
    assert.ok((await listed()).includes(name));
    await kinesis().sdk.send(new DeleteStreamCommand({ StreamName: name }));
    while ((await listed()).includes(name)) await moment();
    await fails('ResourceNotFoundException', kinesis().summary(name));
  });

  test('what does not exist or cannot be is refused by its name', async () => {
    const name = await kinesis().stream(1);
    await fails('ResourceNotFoundException', kinesis().put('nobody', 'a'));
    await fails('ResourceNotFoundException', kinesis().shardsOf('nobody'));
    await fails(
      'ResourceInUseException',
      kinesis().sdk.send(new CreateStreamCommand({ StreamName: name, ShardCount: 1 })),
    );
    const ShardId = 'shardId-000000000009';
    await fails(
      'ResourceNotFoundException',
      kinesis().iterator({ StreamName: name, ShardId, ShardIteratorType: 'LATEST' }),
    );
    await fails('InvalidArgumentException', kinesis().put(name, 'a', String(LAST_KEY + 1n)));
  });

  test('a stream can be named by its ARN wherever it has a name', async () => {
    const name = await kinesis().stream(1);
    const StreamARN = (await kinesis().summary(name))?.StreamARN;
    const { Shards } = await kinesis().sdk.send(new ListShardsCommand({ StreamARN }));
    const Data = Buffer.from('1');
    const { ShardId } = await kinesis().sdk.send(
      new PutRecordCommand({ StreamARN, PartitionKey: '1', Data }),
    );
    assert.equal(ShardId, Shards?.[0]?.ShardId);
    const place = { StreamARN, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
    assert.deepEqual((await kinesis().read(await kinesis().iterator(place)))[0], ['1']);
  });

  test('shards are listed page by page, whole and once', async () => {
    const name = await kinesis().stream(5);
    const seen: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const from = NextToken === undefined ? { StreamName: name } : { NextToken };
      const page = await kinesis().sdk.send(new ListShardsCommand({ ...from, MaxResults: 2 }));
      assert.ok((page.Shards?.length ?? 0) <= 2);
      seen.push(...(page.Shards ?? []).map(({ ShardId }) => ShardId));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    assert.deepEqual(
      seen,
      Array.from({ length: 5 }, (_, n) => `shardId-00000000000${n}`),
    );
  });

  test('a split shard takes no more, is read to its end, and names its children', async () => {
    const name = await kinesis().stream(1);
    await kinesis().put(name, 'before');
    const [parent] = await kinesis().shardsOf(name);
    await kinesis().sdk.send(
      new SplitShardCommand({
        StreamName: name,
        ShardToSplit: parent?.ShardId,
        NewStartingHashKey: String(2n ** 127n),
      }),
    );
    await kinesis().active(name);
    const [closed, ...children] = await kinesis().shardsOf(name);
    assert.ok(closed?.SequenceNumberRange?.EndingSequenceNumber);
    assert.deepEqual(
      children.map(({ ParentShardId, HashKeyRange }) => [
        ParentShardId,
        HashKeyRange?.StartingHashKey,
      ]),
      [
        [parent?.ShardId, '0'],
        [parent?.ShardId, String(2n ** 127n)],
      ],
    );
    assert.equal((await kinesis().put(name, 'after', '0')).ShardId, children[0]?.ShardId);
    const place = {
      StreamName: name,
      ShardId: parent?.ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    } as const;
    const [keys, last] = await kinesis().read(await kinesis().iterator(place));
    assert.deepEqual(keys, ['before']);
    assert.equal(last.NextShardIterator, undefined);
    assert.deepEqual(
      last.ChildShards?.map(({ ShardId, ParentShards }) => [ShardId, ParentShards]),
      children.map(({ ShardId }) => [ShardId, [parent?.ShardId]]),
    );
  });

  test('merged shards have one child with the range of both', async () => {
    const name = await kinesis().stream(2);
    const [left, right] = await kinesis().shardsOf(name);
    await kinesis().sdk.send(
      new MergeShardsCommand({
        StreamName: name,
        ShardToMerge: left?.ShardId,
        AdjacentShardToMerge: right?.ShardId,
      }),
    );
    await kinesis().active(name);
    const child = (await kinesis().shardsOf(name))[2];
    assert.deepEqual(child?.HashKeyRange, {
      StartingHashKey: '0',
      EndingHashKey: String(LAST_KEY),
    });
    assert.deepEqual(
      [child?.ParentShardId, child?.AdjacentParentShardId].sort(),
      [left?.ShardId, right?.ShardId].sort(),
    );
    assert.equal((await kinesis().put(name, '1')).ShardId, child?.ShardId);
    const latest = await kinesis().sdk.send(
      new ListShardsCommand({ StreamName: name, ShardFilter: { Type: 'AT_LATEST' } }),
    );
    assert.deepEqual(
      latest.Shards?.map(({ ShardId }) => ShardId),
      [child?.ShardId],
    );
  });

  test('a shard that cannot be split or merged so is refused', async () => {
    const name = await kinesis().stream(3);
    const [first, , third] = (await kinesis().shardsOf(name)).map(({ ShardId }) => ShardId);
    await fails(
      'InvalidArgumentException',
      kinesis().sdk.send(
        new MergeShardsCommand({
          StreamName: name,
          ShardToMerge: first,
          AdjacentShardToMerge: third,
        }),
      ),
    );
    await fails(
      'InvalidArgumentException',
      kinesis().sdk.send(
        new SplitShardCommand({
          StreamName: name,
          ShardToSplit: first,
          NewStartingHashKey: String(LAST_KEY),
        }),
      ),
    );
  });

  test('the retention of a stream can be made longer', async () => {
    const name = await kinesis().stream(1);
    await kinesis().sdk.send(
      new IncreaseStreamRetentionPeriodCommand({ StreamName: name, RetentionPeriodHours: 48 }),
    );
    await kinesis().active(name);
    assert.equal((await kinesis().summary(name))?.RetentionPeriodHours, 48);
  });
});
