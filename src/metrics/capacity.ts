/** One rate, tried several times. */
export interface TrialSummary {
  readonly targetPerSecond: number;
  readonly isKept: boolean;
  /** How many of the tries said so. */
  readonly agreeing: number;
  readonly tries: number;
  readonly achievedPerSecond: number;
  readonly goodPerSecond: number;
  readonly errorsShare: number;
  /** Records that were answered well; the latencies are theirs, and absent where there were none. Older reports lack it. */
  readonly samples?: number | undefined;
  /** How many the conditions need to be judged; there may be fewer at a low rate. */
  readonly samplesNeeded?: number | undefined;
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
  readonly isOurs: boolean;
  /** What was too high, or at a rate that was kept, in a try that did not agree. */
  readonly why: string | undefined;
}

/**
 * Result of a capacity search. Rates in records a second.
 *
 * `capacity` is the highest rate that was kept, `brokenAt` the lowest above it that was not, `goodput` what was
 * answered in time at the capacity, `knee` of the kept rates the one of the greatest power: of the highest ratio of
 * throughput to response time, beyond which more load buys mostly waiting (Kleinrock 1979). `endReason`: why the
 * search ended before it came to the precision. `isOurs`: this machine
 * was at its end before the target, whose capacity is higher than that. `isStopped`: from outside, before
 * the end of the search; the try that this cut off is in none of the figures.
 */
export interface SearchSummary {
  readonly capacityPerSecond: number | undefined;
  readonly brokenAtPerSecond: number | undefined;
  readonly goodputPerSecond: number | undefined;
  readonly kneePerSecond: number | undefined;
  readonly isOurs: boolean;
  readonly isStopped: boolean;
  readonly endReason?: string | undefined;
  readonly trials: readonly TrialSummary[];
}
