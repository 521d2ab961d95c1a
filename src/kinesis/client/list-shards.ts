import {
  type KinesisClient,
  type Shard as ListedShard,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis';
import type { Shard } from '../entry.ts';

/** Source: Kinesis API reference, ListShards. */
const SHARDS_A_PAGE = 1_000;

/** All shards of the stream, closed ones that still hold records included. */
export async function listShards(sdk: KinesisClient, address: object): Promise<readonly Shard[]> {
  const shards: Shard[] = [];
  let next: string | undefined;
  do {
    // A further page is asked for by its token alone: naming the stream again is refused.
    const page = next ? { NextToken: next } : { ...address, MaxResults: SHARDS_A_PAGE };
    const answer = await sdk.send(new ListShardsCommand(page));
    shards.push(...(answer.Shards ?? []).map(shardOf));
    next = answer.NextToken;
  } while (next);
  return shards;
}

function shardOf(shard: ListedShard): Shard {
  return {
    shardId: shard.ShardId ?? '',
    startingHashKey: shard.HashKeyRange?.StartingHashKey ?? '',
    endingHashKey: shard.HashKeyRange?.EndingHashKey ?? '',
    isOpen: shard.SequenceNumberRange?.EndingSequenceNumber === undefined,
    parentShardIds: [shard.ParentShardId, shard.AdjacentParentShardId].filter(
      (id) => id !== undefined,
    ),
  };
}
