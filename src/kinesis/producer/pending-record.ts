import { type HashKey, hashKeyFromDecimal, partitionHash } from '../../kpl/hash-key.ts';
import type { Attempt, UserRecord } from '../../transactions/user-record.ts';
import type { PutRecordsEntry } from '../put-client.ts';
import type { ShardQueue } from './shard-queue.ts';

/** A user record under way: admitted, not yet receipted. `ordinal` is its place in the source. */
export interface PendingUserRecord {
  readonly record: UserRecord;
  readonly ordinal: number;
  readonly dueAt: number;
  /** When it was admitted; never earlier for a larger ordinal. */
  readonly arrivedAt: number;
  attempts: readonly Attempt[];
}

/** An entry ready to go, and the user records that it carries. */
export interface SealedEntry extends PutRecordsEntry {
  readonly queue: ShardQueue;
  readonly userRecords: readonly PendingUserRecord[];
  readonly isAggregate: boolean;
  readonly sizeBytes: number;
  /** The smallest ordinal of its records: entries go in this order, those put again included. */
  readonly firstOrdinal: number;
  /** When the record of the smallest ordinal arrived: no other one is older. */
  readonly oldestArrivalAt: number;
}

/** The 128-bit key that places the record: the user's own, else the MD5 of its partition key. */
export function hashKeyOf(record: UserRecord): HashKey {
  return record.explicitHashKey === undefined
    ? partitionHash(record.partitionKey)
    : hashKeyFromDecimal(record.explicitHashKey);
}

/** Writes a try into the book of every record that shared it. */
export function attempted(userRecords: readonly PendingUserRecord[], attempt: Attempt): void {
  for (const pending of userRecords) pending.attempts = [...pending.attempts, attempt];
}
