import { hash } from 'node:crypto';
import {
  type KinesisClient,
  PutRecordsCommand,
  type PutRecordsResultEntry,
} from '@aws-sdk/client-kinesis';
import type { EntryResult, PutAnswer, PutRecordsEntry } from '../put-client.ts';
import { listIn } from './answers.ts';
import type { MemoryPool } from './memory-pool.ts';
import { type CallTarget, isFatal, serviceError, troubleOf } from './service-error.ts';

/**
 * Returns the JSON body of a PutRecords call.
 *
 * The SDK's own serializer turns every byte into base64 in JavaScript, which costs more than all
 * the rest of a put; Node's encoder does the same work natively (docs/performance.md). The body lies in memory of the pool.
 * Source: Kinesis API reference, PutRecords, request syntax.
 */
export function putBody(
  address: object,
  entries: readonly PutRecordsEntry[],
  pool: MemoryPool<ArrayBuffer>,
): Buffer<ArrayBuffer> {
  const heads = entries.map(head);
  const opening = `${JSON.stringify(address).slice(0, -1)},"Records":[`;
  const size = entries.reduce(
    (sum, { data }, index) => sum + Buffer.byteLength(heads[index] ?? '') + base64Length(data),
    Buffer.byteLength(opening) + entries.length * '"},'.length + ']}'.length,
  );
  const body = Buffer.from(pool.take(size));
  let at = body.write(opening);
  for (const [index, { data }] of entries.entries()) {
    at += body.write(heads[index] ?? '', at);
    at += body.write(base64(data), at, 'latin1');
    at += body.write(index + 1 < entries.length ? '"},' : '"}', at, 'latin1');
  }
  at += body.write(']}', at, 'latin1');
  return body.subarray(0, at);
}

/** All of an entry but its data: the text up to where the base64 begins. */
function head({ partitionKey, explicitHashKey }: PutRecordsEntry): string {
  const placing = explicitHashKey === undefined ? '' : `"ExplicitHashKey":"${explicitHashKey}",`;
  return `{${placing}"PartitionKey":${JSON.stringify(partitionKey)},"Data":"`;
}

function base64(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
}

function base64Length(data: Uint8Array): number {
  return Math.ceil(data.length / 3) * 4;
}

/** Makes one PutRecords call; a failure is a value of the answer. */
export async function putRecords(
  sdk: KinesisClient,
  address: object,
  entries: readonly PutRecordsEntry[],
  target: CallTarget,
  pool: MemoryPool<ArrayBuffer>,
): Promise<PutAnswer> {
  try {
    const body = putBody(address, entries, pool);
    const answer = await sdk.send(putCommand(body));
    // Only what was answered has been read: a call that failed may still be on its way.
    pool.giveBack(body.buffer);
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
    (next) => (args) => {
      // The signer takes this header for the hash. Node's thread pool would copy the body first, which takes longer than the hash.
      const payloadHash = hash('sha256', body, 'hex');
      Object.assign(args.request as object, { body });
      Object.assign((args.request as { headers: object }).headers, {
        'x-amz-content-sha256': payloadHash,
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
