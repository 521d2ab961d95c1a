import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { GetRecordsCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { LAST_KEY, onEachKinesis } from '../support/kinesis-contract.ts';

onEachKinesis((kinesis) => {
  test('a record goes where the MD5 of its partition key points, or its explicit hash key', async () => {
    const name = await kinesis().stream(4);
    const shards = await kinesis().shardsOf(name);
    const owner = (key: bigint) =>
      shards.find(
        ({ HashKeyRange }) =>
          key >= BigInt(HashKeyRange?.StartingHashKey ?? 0) &&
          key <= BigInt(HashKeyRange?.EndingHashKey ?? 0),
      )?.ShardId;
    for (const key of ['a', 'card-1', '42', 'schlüssel', '鍵', 'x'.repeat(256)]) {
      const hash = BigInt(`0x${createHash('md5').update(key).digest('hex')}`);
      assert.equal((await kinesis().put(name, key)).ShardId, owner(hash), key);
    }
    for (const key of [0n, 2n ** 126n - 1n, 2n ** 126n, 2n ** 127n, LAST_KEY]) {
      assert.equal((await kinesis().put(name, 'a', String(key))).ShardId, owner(key), String(key));
    }
  });

  test('records of one request are answered in its order and come back as they were put', async () => {
    const name = await kinesis().stream(2);
    const keys = Array.from({ length: 500 }, (_, index) => `key-${index}`);
    const Records = keys.map((key) => ({ PartitionKey: key, Data: Buffer.from(key) }));
    const answer = await kinesis().sdk.send(new PutRecordsCommand({ StreamName: name, Records }));
    assert.equal(answer.FailedRecordCount, 0);
    assert.equal(answer.Records?.length, 500);
    for (const { ShardId } of await kinesis().shardsOf(name)) {
      const expected = keys.filter((_, index) => answer.Records?.[index]?.ShardId === ShardId);
      assert.ok(expected.length > 150);
      assert.deepEqual(await kinesis().all(name, ShardId), expected);
    }
  });

  test('sequence numbers of a shard grow', async () => {
    const name = await kinesis().stream(1);
    let last = 0n;
    for (let index = 0; index < 20; index += 1) {
      const number = BigInt((await kinesis().put(name, String(index))).SequenceNumber ?? 0);
      assert.ok(number > last);
      last = number;
    }
  });

  test('a reader begins where its iterator says', async () => {
    const name = await kinesis().stream(1);
    const [first, second] = [await kinesis().put(name, '1'), await kinesis().put(name, '2')];
    const from = async (input: object) => {
      const ShardId = first.ShardId;
      const place = { StreamName: name, ShardId, ShardIteratorType: 'LATEST' as const, ...input };
      return kinesis().iterator(place);
    };
    const latest = await from({});
    await kinesis().put(name, '3');
    const StartingSequenceNumber = second.SequenceNumber;
    const at = { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber };
    const behind = { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber };
    const longAgo = { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(Date.now() - 6e4) };
    for (const [place, expected] of [
      [latest, ['3']],
      [await from({ ShardIteratorType: 'TRIM_HORIZON' }), ['1', '2', '3']],
      [await from(at), ['2', '3']],
      [await from(behind), ['3']],
      [await from(longAgo), ['1', '2', '3']],
    ] as const) {
      assert.deepEqual((await kinesis().read(place))[0], expected);
    }
  });

  test('a reader that has everything is told that nothing is behind it, and may come again', async () => {
    const name = await kinesis().stream(1);
    const { ShardId } = await kinesis().put(name, '1');
    const place = await kinesis().iterator({
      StreamName: name,
      ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    });
    const [, last] = await kinesis().read(place);
    assert.equal(last.MillisBehindLatest, 0);
    await kinesis().put(name, '2');
    assert.deepEqual((await kinesis().read(last.NextShardIterator ?? ''))[0], ['2']);
  });

  test('a limit is kept, and the rest comes with the next iterator', async () => {
    const name = await kinesis().stream(1);
    for (const key of ['1', '2', '3']) await kinesis().put(name, key);
    const { ShardId } = (await kinesis().shardsOf(name))[0] ?? {};
    const from = await kinesis().iterator({
      StreamName: name,
      ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    });
    const answer = await kinesis().sdk.send(
      new GetRecordsCommand({ ShardIterator: from, Limit: 2 }),
    );
    assert.equal(answer.Records?.length, 2);
    assert.deepEqual((await kinesis().read(answer.NextShardIterator ?? ''))[0], ['3']);
  });
});
