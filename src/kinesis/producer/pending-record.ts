import { type HashKey, hashKeyFromDecimal, partitionHash } from '../../kpl/hash-key.ts';
import { OpenAggregate, type PartitionKeyMark } from '../../kpl/open-aggregate.ts';
import type { Attempt, UserRecord } from '../../transactions/user-record.ts';

/** A user record that is admitted and has no receipt yet. `ordinal` is its number in the source. */
export interface PendingUserRecord {
  readonly record: UserRecord;
  readonly ordinal: number;
  readonly dueAt: number;
  /** When it was admitted; never earlier for a larger ordinal. */
  readonly arrivedAt: number;
  readonly attempts: readonly Attempt[];
}

/** The attempts of a record before its first one. */
export const NO_ATTEMPTS: readonly Attempt[] = [];

/** Numbers of a row: ordinal, due, arrived. */
const NUMBERS = 3;

/**
 * An aggregate of pending records, with what their receipts need in columns, one row a record.
 *
 * Pending records outlive the young generation of V8: an object for each, with its numbers, was most of the garbage of a producer.
 */
export class PendingAggregate {
  readonly aggregate: OpenAggregate<UserRecord>;
  readonly #numbers: number[] = [];
  /** By row; absent while no record has any. */
  #attempts: (readonly Attempt[])[] | undefined;
  #firstOrdinal = Number.POSITIVE_INFINITY;
  #oldestArrivalAt = Number.POSITIVE_INFINITY;

  constructor(limitBytes: number, maxCount: number) {
    this.aggregate = new OpenAggregate(limitBytes, maxCount);
  }

  get count(): number {
    return this.aggregate.count;
  }

  get isFull(): boolean {
    return this.aggregate.count >= this.aggregate.maxCount;
  }

  /** The smallest ordinal; infinite while there is no record. */
  get firstOrdinal(): number {
    return this.#firstOrdinal;
  }

  /** When the oldest record arrived; infinite while there is none. */
  get oldestArrivalAt(): number {
    return this.#oldestArrivalAt;
  }

  /** Takes the record and answers true; answers false, unchanged, when it does not fit. */
  tryAdd(
    record: UserRecord,
    mark: PartitionKeyMark | undefined,
    ordinal: number,
    dueAt: number,
    arrivedAt: number,
    attempts: readonly Attempt[],
  ): boolean {
    if (!this.aggregate.tryAdd(record, mark)) return false;
    if (attempts.length > 0) {
      this.#attempts ??= Array.from({ length: this.count - 1 }, () => NO_ATTEMPTS);
    }
    this.#attempts?.push(attempts);
    this.#numbers.push(ordinal, dueAt, arrivedAt);
    if (ordinal < this.#firstOrdinal) this.#firstOrdinal = ordinal;
    if (arrivedAt < this.#oldestArrivalAt) this.#oldestArrivalAt = arrivedAt;
    return true;
  }

  record(row: number): UserRecord {
    return this.aggregate.record(row);
  }

  dueAt(row: number): number {
    return this.#numbers[row * NUMBERS + 1] as number;
  }

  attempts(row: number): readonly Attempt[] {
    return this.#attempts?.[row] ?? NO_ATTEMPTS;
  }

  /** Adds an attempt to every record. */
  attempted(attempt: Attempt): void {
    const longer = new Map<readonly Attempt[], readonly Attempt[]>();
    this.#attempts = Array.from({ length: this.count }, (_, row) => {
      const before = this.attempts(row);
      const after = longer.get(before) ?? [...before, attempt];
      longer.set(before, after);
      return after;
    });
  }

  /** The records one by one, to be sorted or split. */
  rows(): PendingUserRecord[] {
    return Array.from({ length: this.count }, (_, row) => ({
      record: this.record(row),
      ordinal: this.#numbers[row * NUMBERS] as number,
      dueAt: this.dueAt(row),
      arrivedAt: this.#numbers[row * NUMBERS + 2] as number,
      attempts: this.attempts(row),
    }));
  }
}

/** Returns the hash key of a record: its explicit one, or the MD5 of its partition key. */
export function hashKeyOf(record: UserRecord): HashKey {
  return record.explicitHashKey === undefined
    ? partitionHash(record.partitionKey)
    : hashKeyFromDecimal(record.explicitHashKey);
}
