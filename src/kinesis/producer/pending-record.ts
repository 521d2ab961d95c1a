import { type HashKey, hashKeyFromDecimal, partitionHash } from '../../kpl/hash-key.ts';
import type { Attempt, UserRecord } from '../../transactions/user-record.ts';

/** A user record that is admitted and has no receipt yet. `ordinal` is its number in the source. */
export interface PendingUserRecord {
  readonly record: UserRecord;
  readonly ordinal: number;
  readonly dueAt: number;
  /** When it was admitted; never earlier for a larger ordinal. */
  readonly arrivedAt: number;
  attempts: readonly Attempt[];
}

/** Returns the hash key of a record: its explicit one, or the MD5 of its partition key. */
export function hashKeyOf(record: UserRecord): HashKey {
  return record.explicitHashKey === undefined
    ? partitionHash(record.partitionKey)
    : hashKeyFromDecimal(record.explicitHashKey);
}

/** Adds an attempt to every user record of an entry. */
export function attempted(userRecords: readonly PendingUserRecord[], attempt: Attempt): void {
  for (const pending of userRecords) pending.attempts = [...pending.attempts, attempt];
}
