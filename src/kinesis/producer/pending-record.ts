import { type HashKey, hashKeyFromDecimal, partitionHash } from '../../kpl/hash-key.ts';
import type { Attempt, UserRecord } from '../../transactions/user-record.ts';

/** A user record under way: admitted, not yet receipted. `ordinal` is its place in the source. */
export interface PendingUserRecord {
  readonly record: UserRecord;
  readonly ordinal: number;
  readonly dueAt: number;
  /** When it was admitted; never earlier for a larger ordinal. */
  readonly arrivedAt: number;
  attempts: readonly Attempt[];
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
