import { webcrypto } from 'node:crypto';
import {
  type KinesisClient,
  PutRecordsCommand,
  type PutRecordsResultEntry,
} from '@aws-sdk/client-kinesis';
import type { Entry, EntryResult } from '../entry.ts';
import type { PutAnswer } from '../put-client.ts';
import { listIn } from './answers.ts';
import { putBody } from './put-body.ts';
import { isFatal, serviceError, type Target, troubleOf } from './service-error.ts';

/** One PutRecords call; a failure is an answer too. */
export async function putRecords(
  sdk: KinesisClient,
  address: object,
  entries: readonly Entry[],
  target: Target,
): Promise<PutAnswer> {
  try {
    const answer = await sdk.send(putCommand(putBody(address, entries)));
    return { results: listIn('PutRecords', 'Records', answer.Records).map(entryResult) };
  } catch (error) {
    const trouble = troubleOf(error);
    const failure = { ...trouble, isFatal: isFatal(trouble), cause: serviceError(error, target) };
    return { results: [], failure };
  }
}

/** A PutRecords command of the SDK whose body and payload hash are made here, not by the SDK. */
function putCommand(body: Buffer): PutRecordsCommand {
  const command = new PutRecordsCommand({ Records: [] });
  command.middlewareStack.add(
    (next) => async (args) => {
      // The signer takes this header for the hash: so it is computed on Node's thread pool.
      const hash = Buffer.from(await webcrypto.subtle.digest('SHA-256', body)).toString('hex');
      Object.assign(args.request as object, { body });
      Object.assign((args.request as { headers: object }).headers, {
        'x-amz-content-sha256': hash,
      });
      return next(args);
    },
    // Before the length is counted, which happens in the same step at normal priority.
    { step: 'build', priority: 'high', name: 'putBody' },
  );
  return command;
}

function entryResult(result: PutRecordsResultEntry): EntryResult {
  const {
    ShardId: shardId,
    SequenceNumber: sequenceNumber,
    ErrorCode,
    ErrorMessage,
  } = result ?? {};
  if (ErrorCode) return { errorCode: String(ErrorCode), errorMessage: String(ErrorMessage ?? '') };
  const isStored = typeof shardId === 'string' && typeof sequenceNumber === 'string';
  if (isStored && shardId !== '' && sequenceNumber !== '') return { shardId, sequenceNumber };
  return {
    errorCode: 'InvalidResponse',
    errorMessage: 'the answer to PutRecords has an entry without ShardId and SequenceNumber',
  };
}
