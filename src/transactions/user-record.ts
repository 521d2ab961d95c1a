/** A record and the instant at which it is due, in epoch milliseconds UTC. */
export interface Due<T> {
  readonly dueAt: number;
  readonly record: T;
}

/** One PutRecords call as the report sees it. `errorCode` is set when the call as a whole failed. */
export interface RequestTrace {
  readonly sentAt: number;
  readonly durationMs: number;
  readonly entries: number;
  readonly failedEntries: number;
  readonly payloadBytes: number;
  readonly errorCode: string | undefined;
}

/**
 * One attempt to deliver a user record, in whatever entry carried it.
 *
 * Units: `sentAt` epoch milliseconds UTC, `durationMs` of the request. `errorCode` is absent when
 * the try succeeded; it is the service's own code, or one of ours: `Expired`, `Wrong Shard`,
 * `Record Count Mismatch` (these three in the KPL's words), `Timeout`, `Connection`,
 * `InvalidResponse`, `ResponseTooLarge`.
 */
export interface Attempt {
  readonly sentAt: number;
  readonly durationMs: number;
  readonly errorCode?: string;
  readonly errorMessage?: string;
}

/**
 * Receipt of one user record: accepted or failed, shard and sequence number, attempts.
 *
 * Every user record that enters the producer leaves as exactly one receipt.
 * Units: instants are epoch milliseconds UTC, with fractions; `payloadBytes` counts the data alone.
 * `subSequenceNumber` is the index inside an aggregate; undefined when the record went unwrapped.
 * Source: UserRecordResult of the KPL, plus the sub-sequence number that it lacks.
 */
export interface Receipt {
  readonly id: string;
  readonly isAccepted: boolean;
  readonly payloadBytes: number;
  readonly shardId: string | undefined;
  readonly sequenceNumber: string | undefined;
  readonly subSequenceNumber: number | undefined;
  readonly attempts: readonly Attempt[];
  readonly errorCode: string | undefined;
  readonly dueAt: number;
  readonly acknowledgedAt: number;
}

/**
 * A user record: what the producer takes, before aggregation.
 *
 * Source: the KPL's word "user record", as opposed to a "Kinesis record" (here: entry).
 * Shapes: `partitionKey` 1 to 256 characters; `explicitHashKey` a decimal integer 0 to 2^128-1;
 * `id` names the record in receipts and is not sent.
 */
export interface UserRecord {
  readonly id: string;
  readonly partitionKey: string;
  readonly explicitHashKey?: string;
  readonly data: Uint8Array;
}
