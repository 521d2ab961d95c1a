/**
 * One try at delivering a user record.
 *
 * Units: `delayMs` since the previous attempt ended (or since arrival, for the first), `durationMs`
 * of the request. `errorCode` is absent when the try succeeded.
 */
export interface Attempt {
  readonly delayMs: number;
  readonly durationMs: number;
  readonly errorCode?: string;
  readonly errorMessage?: string;
}

/**
 * What became of one user record: accepted or failed, where, and after which attempts.
 *
 * Every user record that enters the producer leaves as exactly one receipt.
 * Units: instants are epoch milliseconds UTC, with fractions; `payloadBytes` counts the data alone.
 * `subSequenceNumber` is the place inside an aggregate; absent when the record went unwrapped.
 * Source: UserRecordResult of the KPL, plus the sub-sequence number that it lacks.
 */
export interface Receipt {
  readonly id: string;
  readonly isAccepted: boolean;
  readonly payloadBytes: number;
  readonly shardId?: string;
  readonly sequenceNumber?: string;
  readonly subSequenceNumber?: number;
  readonly attempts: readonly Attempt[];
  readonly errorCode?: string;
  readonly dueAt: number;
  readonly sentAt?: number;
  readonly acknowledgedAt: number;
}
