import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** Latencies at the usual percentiles, in milliseconds. `count` is 0 where nothing was measured. */
export interface LatencySummary {
  readonly count: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
}

/** Node's own HdrHistogram, kept in whole microseconds at three significant figures. */
export class Latency {
  readonly #histogram: RecordableHistogram = createHistogram({ figures: 3 });

  add(latencyMs: number): void {
    // The histogram takes nothing below 1; under a microsecond the clocks do not tell anyway.
    this.#histogram.record(Math.max(1, Math.round(latencyMs * 1000)));
  }

  summary(): LatencySummary {
    const histogram = this.#histogram;
    const at = (percentile: number): number =>
      histogram.count === 0 ? 0 : histogram.percentile(percentile) / 1000;
    return {
      count: histogram.count,
      meanMs: histogram.count === 0 ? 0 : histogram.mean / 1000,
      p50Ms: at(50),
      p90Ms: at(90),
      p95Ms: at(95),
      p99Ms: at(99),
      p999Ms: at(99.9),
      maxMs: histogram.count === 0 ? 0 : histogram.max / 1000,
    };
  }
}
