import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  type KinesisClient,
  type _Record as ReceivedRecord,
} from '@aws-sdk/client-kinesis';
import type { Position, ReadEntry, RecordPage } from '../read-client.ts';
import { invalidResponse, listIn, optionalTextIn, textIn } from './answers.ts';
import { isFatal, serviceError, type Target, troubleOf } from './service-error.ts';

const CALL = 'GetRecords';

/** An iterator at the position; `undefined` when the answer has none. */
export async function shardIterator(
  sdk: KinesisClient,
  address: object,
  shardId: string,
  position: Position,
): Promise<string | undefined> {
  const command = new GetShardIteratorCommand({
    ...address,
    ShardId: shardId,
    ...whence(position),
  });
  const { ShardIterator } = await sdk.send(command);
  return optionalTextIn('GetShardIterator', 'ShardIterator', ShardIterator) || undefined;
}

type Whence = Pick<
  GetShardIteratorCommandInput,
  'ShardIteratorType' | 'StartingSequenceNumber' | 'Timestamp'
>;

function whence(position: Position): Whence {
  if (position === 'latest') return { ShardIteratorType: 'LATEST' };
  if (position === 'trim-horizon') return { ShardIteratorType: 'TRIM_HORIZON' };
  if ('timestamp' in position) {
    return { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(position.timestamp) };
  }
  return {
    ShardIteratorType: 'AT_SEQUENCE_NUMBER',
    StartingSequenceNumber: position.sequenceNumber,
  };
}

/** One GetRecords call; a failure that may pass is an answer too. */
export async function getRecords(
  sdk: KinesisClient,
  iterator: string,
  limit: number,
  target: Target,
): Promise<RecordPage> {
  try {
    const answer = await sdk.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: limit }));
    const { Records, NextShardIterator, MillisBehindLatest: behindMs = 0, ChildShards } = answer;
    if (typeof behindMs !== 'number') throw invalidResponse(CALL, 'has no MillisBehindLatest');
    return {
      entries: listIn(CALL, 'Records', Records).map(entryOf),
      next: optionalTextIn(CALL, 'NextShardIterator', NextShardIterator) || undefined,
      behindMs,
      ...(Array.isArray(ChildShards) && {
        childShardIds: ChildShards.map((child) => textIn(CALL, 'ShardId', child?.ShardId)),
      }),
    };
  } catch (error) {
    const trouble = troubleOf(error);
    // An iterator the service no longer knows is renewed by the reader.
    if (isFatal(trouble) && trouble.code !== 'InvalidArgumentException') {
      throw serviceError(error, target);
    }
    return { entries: [], next: undefined, behindMs: 0, failure: trouble };
  }
}

function entryOf(record: ReceivedRecord): ReadEntry {
  const { Data: data, ApproximateArrivalTimestamp: arrivedAt } = record ?? {};
  if (!(data instanceof Uint8Array)) throw invalidResponse(CALL, 'has a record without Data');
  return {
    sequenceNumber: textIn(CALL, 'SequenceNumber', record.SequenceNumber),
    partitionKey: optionalTextIn(CALL, 'PartitionKey', record.PartitionKey) ?? '',
    data,
    arrivedAt: arrivedAt instanceof Date ? arrivedAt.getTime() : Number.NaN,
  };
}
