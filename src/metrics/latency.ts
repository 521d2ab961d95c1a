import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from 'hdr-histogram-js';

/**
 * Latencies at the usual percentiles, in milliseconds; NaN where nothing was measured: `count` is 0.
 *
 * `histogram` has all of them, in whole microseconds at three significant figures: an HdrHistogram in
 * its compressed base64 form, which merges without loss.
 */
export interface LatencySummary {
  readonly count: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
  readonly histogram: string;
}

/** A day; what takes longer counts as a day. */
const LONGEST_US = 86_400_000_000;

/** Latency histogram (HdrHistogram) from a microsecond to a day, with three significant digits. */
export class Latency {
  readonly #histogram = emptyHistogram();

  add(latencyMs: number, count = 1): void {
    // Under a microsecond the clocks do not tell anyway.
    const us = Math.max(1, Math.round(latencyMs * 1000));
    this.#histogram.recordValueWithCount(Math.min(us, LONGEST_US), count);
  }

  summary(): LatencySummary {
    return summaryOf(this.#histogram, this.#histogram.maxValue / 1000);
  }
}

/** Merges latency summaries without loss. */
export function mergedLatency(
  parts: readonly Pick<LatencySummary, 'histogram' | 'maxMs'>[],
): LatencySummary {
  const histogram = emptyHistogram();
  for (const part of parts) histogram.add(histogramOf(part.histogram));
  // Decoding rounds the largest one up to the end of its bucket.
  return summaryOf(histogram, Math.max(0, ...parts.map(({ maxMs }) => maxMs || 0)));
}

/** Decodes the histogram of a summary; its values are microseconds. */
export function histogramOf(encoded: string): Histogram {
  return decodeFromCompressedBase64(encoded, 64, false);
}

/** Returns true if a value of a file is the histogram of a summary. */
export function isHistogram(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  try {
    histogramOf(value);
    return true;
  } catch {
    // The decoder throws whatever comes to hand at the first byte that does not fit.
    return false;
  }
}

function emptyHistogram(): Histogram {
  return build({
    bitBucketSize: 64,
    // The same for all, so that what is equal is equal in its encoded form too.
    lowestDiscernibleValue: 1,
    highestTrackableValue: LONGEST_US,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  });
}

function summaryOf(histogram: Histogram, maxMs: number): LatencySummary {
  const isEmpty = histogram.totalCount === 0;
  const at = (percentile: number): number =>
    isEmpty ? Number.NaN : Math.min(histogram.getValueAtPercentile(percentile) / 1000, maxMs);
  return {
    count: histogram.totalCount,
    meanMs: isEmpty ? Number.NaN : histogram.mean / 1000,
    p50Ms: at(50),
    p90Ms: at(90),
    p95Ms: at(95),
    p99Ms: at(99),
    p999Ms: at(99.9),
    maxMs: isEmpty ? Number.NaN : maxMs,
    // Takes a millisecond, and only the report at the end asks for it.
    get histogram() {
      return encodeIntoCompressedBase64(histogram);
    },
  };
}
