import {
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  type KinesisClient,
  type Shard as ListedShard,
  ListShardsCommand,
  type _Record as ReceivedRecord,
  type StartingPosition,
} from '@aws-sdk/client-kinesis';
import type { Shard } from '../put-client.ts';
import type { Position, ReadEntry, RecordPage } from '../read-client.ts';
import { invalidResponse, listIn, optionalTextIn, textIn } from './answers.ts';
import { type CallTarget, isFatal, serviceError, troubleOf } from './service-error.ts';

const LIST_SHARDS_CALL = 'ListShards';
/** Source: Kinesis API reference, ListShards. */
const SHARDS_A_PAGE = 1_000;
/** Source: Kinesis API reference, HashKeyRange: 0 to 2^128 - 1. */
const DECIMAL = /^\d{1,39}$/;
const HASH_KEYS = 2n ** 128n;

/**
 * Returns all shards of the stream, including closed ones within retention.
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
    const listed = listIn(LIST_SHARDS_CALL, 'Shards', answer.Shards);
    if (listed.length === 0) throw invalidResponse(LIST_SHARDS_CALL, 'lists no shards');
    shards.push(...listed.map(shardOf));
    next = optionalTextIn(LIST_SHARDS_CALL, 'NextToken', answer.NextToken);
    if (next && tokens.has(next)) throw invalidResponse(LIST_SHARDS_CALL, 'repeats its NextToken');
    if (next) tokens.add(next);
  } while (next);
  return shards;
}

function shardOf(shard: ListedShard): Shard {
  const { HashKeyRange: range, SequenceNumberRange: numbers } = shard ?? {};
  if (typeof numbers !== 'object')
    throw invalidResponse(LIST_SHARDS_CALL, 'has no SequenceNumberRange');
  const parents = [shard.ParentShardId, shard.AdjacentParentShardId];
  return {
    shardId: textIn(LIST_SHARDS_CALL, 'ShardId', shard.ShardId),
    startingHashKey: hashKeyIn('StartingHashKey', range?.StartingHashKey),
    endingHashKey: hashKeyIn('EndingHashKey', range?.EndingHashKey),
    isOpen:
      optionalTextIn(LIST_SHARDS_CALL, 'EndingSequenceNumber', numbers.EndingSequenceNumber) ===
      undefined,
    parentShardIds: parents.flatMap(
      (id) => optionalTextIn(LIST_SHARDS_CALL, 'ParentShardId', id) ?? [],
    ),
  };
}

function hashKeyIn(name: string, value: string | undefined): string {
  const text = textIn(LIST_SHARDS_CALL, name, value);
  if (DECIMAL.test(text) && BigInt(text) < HASH_KEYS) return text;
  throw invalidResponse(LIST_SHARDS_CALL, `has ${name} "${text.slice(0, 50)}"`);
}

/** Returns a shard iterator at a position; `undefined` if the answer has none. */
export async function shardIterator(
  sdk: KinesisClient,
  address: object,
  shardId: string,
  position: Position,
): Promise<string | undefined> {
  const start = startingPosition(position);
  const command = new GetShardIteratorCommand({
    ...address,
    ShardId: shardId,
    ShardIteratorType: start.Type,
    StartingSequenceNumber: start.SequenceNumber,
    Timestamp: start.Timestamp,
  });
  const { ShardIterator } = await sdk.send(command);
  return optionalTextIn('GetShardIterator', 'ShardIterator', ShardIterator) || undefined;
}

/** A position in the words of the service; `after` is the sequence number before it. */
export function startingPosition(
  position: Position | { readonly after: string },
): StartingPosition {
  if (position === 'latest') return { Type: 'LATEST' };
  if (position === 'trim-horizon') return { Type: 'TRIM_HORIZON' };
  if ('timestamp' in position) {
    return { Type: 'AT_TIMESTAMP', Timestamp: new Date(position.timestamp) };
  }
  if ('after' in position) return { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: position.after };
  return { Type: 'AT_SEQUENCE_NUMBER', SequenceNumber: position.sequenceNumber };
}

/** Makes one GetRecords call; a failure that may pass is a value of the answer. */
export async function getRecords(
  sdk: KinesisClient,
  iterator: string,
  limit: number,
  target: CallTarget,
): Promise<RecordPage> {
  try {
    const command = new GetRecordsCommand({ ShardIterator: iterator, Limit: limit });
    return recordPage('GetRecords', await sdk.send(command));
  } catch (error) {
    const trouble = troubleOf(error);
    // An iterator the service no longer knows is renewed by the reader.
    if (isFatal(trouble) && trouble.code !== 'InvalidArgumentException') {
      throw serviceError(error, target);
    }
    return { entries: [], next: undefined, behindMs: 0, failure: trouble };
  }
}

/** Returns the answer to GetRecords, or an event of a subscription, as a page. Errors: `InvalidResponse`. */
export function recordPage(
  call: string,
  answer: Partial<Omit<GetRecordsCommandOutput, '$metadata'>>,
): RecordPage {
  const { Records, NextShardIterator, MillisBehindLatest: behindMs = 0, ChildShards } = answer;
  if (typeof behindMs !== 'number') throw invalidResponse(call, 'has no MillisBehindLatest');
  return {
    entries: listIn(call, 'Records', Records).map((record) => entryOf(call, record)),
    next: optionalTextIn(call, 'NextShardIterator', NextShardIterator) || undefined,
    behindMs,
    ...(Array.isArray(ChildShards) && {
      childShardIds: ChildShards.map((child) => textIn(call, 'ShardId', child?.ShardId)),
    }),
  };
}

function entryOf(call: string, record: ReceivedRecord): ReadEntry {
  const { Data: data, ApproximateArrivalTimestamp: arrivedAt } = record ?? {};
  if (!(data instanceof Uint8Array)) throw invalidResponse(call, 'has a record without Data');
  return {
    sequenceNumber: textIn(call, 'SequenceNumber', record.SequenceNumber),
    partitionKey: optionalTextIn(call, 'PartitionKey', record.PartitionKey) ?? '',
    data,
    arrivedAt: arrivedAt instanceof Date ? arrivedAt.getTime() : Number.NaN,
  };
}
