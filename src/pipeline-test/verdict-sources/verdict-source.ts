import type { ArrivalTime } from '../../metrics/session-summary.ts';
import type { Clock } from '../../stream/clock.ts';

/**
 * One record that a pipeline put out.
 *
 * `arrivedAt` is when the service took it, in epoch milliseconds; NaN where the source does not know.
 * `isInRange` is false in an aggregate outside the range of its shard.
 */
export interface VerdictRecord {
  readonly data: Uint8Array;
  readonly arrivedAt: number;
  readonly isInRange: boolean;
}

/** What a source reports besides records. */
export interface SourceEvents {
  /** A read failed with this code, and is repeated. */
  readFailed(code: string): void;
  /** A queue delivered a message once more; it is not passed on again. */
  redelivered(): void;
  /** A record was there before the reading began; it is not passed on. */
  backlog(): void;
}

/** What reading needs. At least `pollIntervalMs` lie between two reads of a shard. */
export interface SourceDependencies {
  readonly clock: Clock;
  readonly stop: AbortSignal;
  readonly events: SourceEvents;
  readonly pollIntervalMs: number;
}

/** A reading that has begun. */
export interface VerdictReading {
  /** Resolves, once `groups` is iterated, when nothing that is put from then on is missed. */
  readonly established: Promise<void>;
  /**
   * The records as they come; asking for the next group says that the one before was counted.
   *
   * Ends on `stop`. Errors: those that no repetition cures.
   */
  readonly groups: AsyncIterable<readonly VerdictRecord[]>;
}

/** Where verdicts or dead letters of a pipeline are read. */
export interface VerdictSource {
  /** For people, such as `queue decisions`. */
  readonly location: string;
  readonly arrival: ArrivalTime;
  /** Records are read in the order in which they were written: then verdicts out of order are the pipeline's. */
  readonly isOrdered: boolean;
  /** Begins to read. Errors: those of the service, and `stopped`. */
  open(dependencies: SourceDependencies): Promise<VerdictReading>;
}

/** Arrival in whole milliseconds, by the service. */
export const serviceTime: ArrivalTime = { of: 'service', resolutionMs: 1 };

/** Arrival in whole seconds, by the service. */
export const serviceSecond: ArrivalTime = { of: 'service', resolutionMs: 1_000 };

/** When a record arrived, at the latest: within its resolution, and no later than it was read. */
export function latestArrival(arrivedAt: number, readAt: number, resolutionMs: number): number {
  if (Number.isNaN(arrivedAt)) return readAt;
  // Clocks that differ are reported: a time after the reading stays as it is.
  return Math.max(arrivedAt, Math.min(arrivedAt + resolutionMs - 1, readAt));
}
