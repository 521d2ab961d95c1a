import type { TimeSeries } from '../metrics/time-series.ts';
import type { PaceSettings } from '../pacing/pace-settings.ts';
import type { ProbeSettings, ProbeSummary } from './probe.ts';

/**
 * What one probe of a rate came to: its summary, and the figures of the target.
 *
 * `firstError` is the first error, for people. `isCutShort`: the source ended before the probe did.
 */
export interface ProbeResult {
  readonly probe: ProbeSummary;
  readonly figures: object;
  readonly firstError: string | undefined;
  readonly isCutShort: boolean;
}

/** Something that takes records at a rate, again and again. */
export interface SearchTarget {
  /** What and where it is, for people. */
  readonly name: string;
  /** Figures of nothing: the names that conditions may use, beside those of the probe. */
  readonly emptyFigures: object;
  /** All probes so far, second by second. */
  readonly series: TimeSeries;
  /** Sends records at a rate for the time of the settings and measures what comes back. */
  probe(perSecond: number, settings: ProbeSettings): Promise<ProbeResult>;
}

/**
 * The pace of a probe: a constant rate, each record due at random within its interval.
 *
 * Records at even distances would meet a stall that comes once a second always or never, where the rate is a whole number.
 */
export function probePace(
  perSecond: number,
  { stepMs, warmUpMs }: ProbeSettings,
  random: () => number,
): PaceSettings {
  return { perSecond, durationMs: warmUpMs + stepMs, jitter: random };
}
