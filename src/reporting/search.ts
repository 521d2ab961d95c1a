/** One rate that was tried, some times. */
export interface TrialSummary {
  readonly targetPerSecond: number;
  readonly isKept: boolean;
  /** How many of the tries said so. */
  readonly agreeing: number;
  readonly tries: number;
  readonly achievedPerSecond: number;
  readonly goodPerSecond: number;
  readonly errorsShare: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly isOurs: boolean;
  readonly why: string | undefined;
}

/**
 * What a search found. Rates in records a second.
 *
 * `capacity` is the highest rate that was kept, `brokenAt` the lowest that was not, `goodput` what was
 * answered in time at the capacity, `knee` the rate of the greatest power: of the highest ratio of throughput
 * to response time, beyond which more load buys mostly waiting (Kleinrock 1979). `isOurs`: this machine
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
  readonly trials: readonly TrialSummary[];
}
