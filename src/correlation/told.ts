import type { ErrorKind } from '../records/error-kind.ts';

/** A transaction as it is handed to the producer, and what is known of it on this side. */
export interface Sent {
  readonly id: string;
  readonly cardId: string;
  readonly dueAt: number;
  readonly isFraud: boolean | undefined;
  readonly scenario: string | undefined;
  /** That of the merchant. */
  readonly country: string | undefined;
  /** The score that the offline model gives; NaN where nobody knows. */
  readonly expected: number;
}

/** What a reader of the stream of verdicts saw. Units: epoch milliseconds UTC. */
export interface Seen {
  readonly id: string;
  readonly cardId: string;
  readonly eventAt: number;
  readonly score: number;
  /** What the offline model says of the features in the verdict; NaN without any. */
  readonly recomputed: number;
  readonly error: ErrorKind | undefined;
  readonly arrivedAt: number;
  readonly readAt: number;
  /** It came in an aggregate outside its shard's range, which a KCL reader drops. */
  readonly isOutOfRange?: boolean;
}
