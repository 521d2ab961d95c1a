import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  type KinesisClient,
} from '@aws-sdk/client-kinesis';
import type { Position, RecordPage } from '../read-client.ts';
import { isFatal, serviceError, type Target, troubleOf } from './service-error.ts';

/** An iterator at the position; `undefined` when the shard is closed and has nothing there. */
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
  return (await sdk.send(command)).ShardIterator;
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
    return {
      entries: (answer.Records ?? []).map((record) => ({
        sequenceNumber: record.SequenceNumber ?? '',
        partitionKey: record.PartitionKey ?? '',
        data: record.Data ?? new Uint8Array(),
        arrivedAt: record.ApproximateArrivalTimestamp?.getTime() ?? Number.NaN,
      })),
      next: answer.NextShardIterator,
      behindMs: answer.MillisBehindLatest ?? 0,
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
