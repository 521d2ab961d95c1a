import {
  type KinesisClient,
  type Shard as ListedShard,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis';
import type { Shard } from '../entry.ts';
import { invalidResponse, listIn, optionalTextIn, textIn } from './answers.ts';

const CALL = 'ListShards';
/** Source: Kinesis API reference, ListShards. */
const SHARDS_A_PAGE = 1_000;
/** Source: Kinesis API reference, HashKeyRange: 0 to 2^128 - 1. */
const DECIMAL = /^\d{1,39}$/;
const HASH_KEYS = 2n ** 128n;

/**
 * All shards of the stream, closed ones that still hold records included.
 *
 * Errors: `InvalidResponse` for an answer without shards (a stream has one at least), for one that
 * lacks what a shard must have, and for pages without end.
 */
export async function listShards(sdk: KinesisClient, address: object): Promise<readonly Shard[]> {
  const shards: Shard[] = [];
  const tokens = new Set<string>();
  let next: string | undefined;
  do {
    // A further page is asked for by its token alone: naming the stream again is refused.
    const page = next ? { NextToken: next } : { ...address, MaxResults: SHARDS_A_PAGE };
    const answer = await sdk.send(new ListShardsCommand(page));
    const listed = listIn(CALL, 'Shards', answer.Shards);
    if (listed.length === 0) throw invalidResponse(CALL, 'lists no shards');
    shards.push(...listed.map(shardOf));
    next = optionalTextIn(CALL, 'NextToken', answer.NextToken);
    if (next && tokens.has(next)) throw invalidResponse(CALL, 'repeats its NextToken');
    if (next) tokens.add(next);
  } while (next);
  return shards;
}

function shardOf(shard: ListedShard): Shard {
  const { HashKeyRange: range, SequenceNumberRange: numbers } = shard ?? {};
  if (typeof numbers !== 'object') throw invalidResponse(CALL, 'has no SequenceNumberRange');
  const parents = [shard.ParentShardId, shard.AdjacentParentShardId];
  return {
    shardId: textIn(CALL, 'ShardId', shard.ShardId),
    startingHashKey: hashKeyIn('StartingHashKey', range?.StartingHashKey),
    endingHashKey: hashKeyIn('EndingHashKey', range?.EndingHashKey),
    isOpen:
      optionalTextIn(CALL, 'EndingSequenceNumber', numbers.EndingSequenceNumber) === undefined,
    parentShardIds: parents.flatMap((id) => optionalTextIn(CALL, 'ParentShardId', id) ?? []),
  };
}

function hashKeyIn(name: string, value: string | undefined): string {
  const text = textIn(CALL, name, value);
  if (DECIMAL.test(text) && BigInt(text) < HASH_KEYS) return text;
  throw invalidResponse(CALL, `has ${name} "${text.slice(0, 50)}"`);
}
