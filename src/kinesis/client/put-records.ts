import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { Entry, EntryResult } from '../entry.ts';
import type { PutAnswer } from '../put-client.ts';
import { isFatal, serviceError, type Target, troubleOf } from './service-error.ts';

/** One PutRecords call; a failure is an answer too. */
export async function putRecords(
  sdk: KinesisClient,
  address: object,
  entries: readonly Entry[],
  target: Target,
): Promise<PutAnswer> {
  const Records = entries.map((entry) => ({
    PartitionKey: entry.partitionKey,
    ExplicitHashKey: entry.explicitHashKey,
    Data: entry.data,
  }));
  try {
    const answer = await sdk.send(new PutRecordsCommand({ ...address, Records }));
    return { results: (answer.Records ?? []).map(entryResult) };
  } catch (error) {
    const trouble = troubleOf(error);
    const failure = { ...trouble, isFatal: isFatal(trouble), cause: serviceError(error, target) };
    return { results: [], failure };
  }
}

interface PutResult {
  readonly ShardId?: string | undefined;
  readonly SequenceNumber?: string | undefined;
  readonly ErrorCode?: string | undefined;
  readonly ErrorMessage?: string | undefined;
}

function entryResult({ ShardId, SequenceNumber, ErrorCode, ErrorMessage }: PutResult): EntryResult {
  if (ErrorCode) return { errorCode: ErrorCode, errorMessage: ErrorMessage ?? '' };
  return { shardId: ShardId ?? '', sequenceNumber: SequenceNumber ?? '' };
}
