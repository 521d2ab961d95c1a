import { partitionHash } from '../../kpl/hash-key.ts';
import { ENTRIES_A_REQUEST, REQUEST_BYTES } from './limits.ts';
import type { KinesisRequest } from './request.ts';
import { type Operation, streamOf } from './request.ts';
import { invalid, invalidArgument, KinesisError } from './service-error.ts';
import type { StoredShard } from './shard.ts';
import type { Store } from './store.ts';
import { hashKeyOr, type StoredStream } from './stream.ts';

/** Whether an entry bound for a shard fails, and as what; asked once for each entry. */
export type EntryFault = (shard: StoredShard) => 'throttle' | 'fail' | undefined;

interface ParsedEntry {
  readonly partitionKey: string;
  readonly explicitHashKey: string | undefined;
  readonly base64: string;
  readonly bytes: number;
}

const THROTTLED = 'ProvisionedThroughputExceededException';

/** Putting of records, with the faults that `faultOf` makes. */
export function write(faultOf: EntryFault): Readonly<Record<string, Operation>> {
  return {
    PutRecords(request, store, now) {
      const stream = streamOf(request, store, now);
      const entries = entriesOf(request, stream);
      const Records = entries.map((entry) => put(entry, stream, store, faultOf, now));
      const FailedRecordCount = Records.filter((record) => 'ErrorCode' in record).length;
      return { FailedRecordCount, Records, EncryptionType: 'NONE' };
    },
    PutRecord(request, store, now) {
      const stream = streamOf(request, store, now);
      const result = put(entryOf(request, stream), stream, store, faultOf, now);
      if ('ErrorCode' in result) throw new KinesisError(result.ErrorCode, result.ErrorMessage);
      return { ...result, EncryptionType: 'NONE' };
    },
  };
}

/** All entries or none: one that can never be taken refuses the whole request. */
function entriesOf(request: KinesisRequest, stream: StoredStream): readonly ParsedEntry[] {
  const parts = request.list('Records');
  if (parts.length < 1 || parts.length > ENTRIES_A_REQUEST) {
    throw invalid(`Records must have 1 to ${ENTRIES_A_REQUEST} members, not ${parts.length}.`);
  }
  const entries = parts.map((part) => entryOf(part, stream));
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  if (bytes > REQUEST_BYTES) {
    throw invalidArgument(`Records size exceeds ${REQUEST_BYTES} bytes: ${bytes}.`);
  }
  return entries;
}

function entryOf(part: KinesisRequest, { maxRecordKib }: StoredStream): ParsedEntry {
  const [partitionKey, base64] = [part.text('PartitionKey'), part.text('Data')];
  const explicitHashKey = part.optionalText('ExplicitHashKey');
  const keyLength = [...partitionKey].length;
  if (keyLength < 1 || keyLength > 256) {
    throw invalid(`PartitionKey must have 1 to 256 characters, not ${keyLength}.`);
  }
  const dataBytes = Buffer.byteLength(base64, 'base64');
  const mostBytes = maxRecordKib * 1_024;
  // The key counts. Source: API reference, PutRecords.
  const bytes = dataBytes + Buffer.byteLength(partitionKey);
  if (bytes > mostBytes) {
    throw invalid(`Data and PartitionKey must have at most ${mostBytes} bytes, not ${bytes}.`);
  }
  if (explicitHashKey !== undefined) hashKeyOr(explicitHashKey);
  return { partitionKey, explicitHashKey, base64, bytes };
}

type Put =
  | { readonly ShardId: string; readonly SequenceNumber: string }
  | { readonly ErrorCode: string; readonly ErrorMessage: string };

function put(
  entry: ParsedEntry,
  stream: StoredStream,
  store: Store,
  faultOf: EntryFault,
  now: number,
): Put {
  const { partitionKey, explicitHashKey, base64, bytes } = entry;
  const key =
    explicitHashKey === undefined ? partitionHash(partitionKey) : hashKeyOr(explicitHashKey);
  const shard = stream.openShardFor(key);
  const fault = faultOf(shard);
  if (fault === 'fail') {
    return { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal service failure.' };
  }
  if (fault === 'throttle' || !store.throttle.admits(`${stream.name}/${shard.id}`, bytes, now)) {
    const message = `Rate exceeded for shard ${shard.id} in stream ${stream.name}.`;
    return { ErrorCode: THROTTLED, ErrorMessage: message };
  }
  const sequenceNumber = stream.nextSequenceNumber();
  store.append(shard, { sequenceNumber, partitionKey, base64, bytes, arrivedAt: now });
  return { ShardId: shard.id, SequenceNumber: sequenceNumber };
}
