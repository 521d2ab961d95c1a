import { pairs } from '../report/text/layout.ts';
import { count, span } from '../text/format.ts';
import type { Load } from './load-generator-health.ts';
import type { Snaked } from './snake-case.ts';

/**
 * Pauses of the measuring process: every latency includes them.
 *
 * `loopDelay...` is how late the event loop came to what was due, `gc...` the garbage collections of
 * the thread that measures, and how long they took together and at most.
 */
export interface PausesSummary {
  readonly loopDelayP99Ms: number;
  readonly loopDelayMaxMs: number;
  readonly gcCount: number;
  readonly gcMs: number;
  readonly gcMaxMs: number;
}

/** Folds the loads of spans of time; the p99 is that of the worst of them. */
export class Pauses {
  #delayP99Ms = 0;
  #delayMaxMs = 0;
  #gcCount = 0;
  #gcMs = 0;
  #gcMaxMs = 0;

  add({ delayP99Ms, delayMaxMs, gcCount, gcMs, gcMaxMs }: Load): void {
    this.#delayP99Ms = Math.max(this.#delayP99Ms, delayP99Ms);
    this.#delayMaxMs = Math.max(this.#delayMaxMs, delayMaxMs);
    this.#gcCount += gcCount;
    this.#gcMs += gcMs;
    this.#gcMaxMs = Math.max(this.#gcMaxMs, gcMaxMs);
  }

  summary(): PausesSummary {
    return {
      loopDelayP99Ms: this.#delayP99Ms,
      loopDelayMaxMs: this.#delayMaxMs,
      gcCount: this.#gcCount,
      gcMs: this.#gcMs,
      gcMaxMs: this.#gcMaxMs,
    };
  }
}

/** Returns the pauses as a sentence. */
export function pausesSentence(pauses: Snaked<PausesSummary>): string {
  const { gc_count: times, gc_ms: ms, gc_max_ms: most } = pauses;
  const garbage =
    times === 0
      ? 'no garbage collection'
      : `${count(times)} garbage collections, ${span(ms)} in all, ${span(most)} at most`;
  return `event loop ${span(pauses.loop_delay_p99_ms)} late in p99, ${span(pauses.loop_delay_max_ms)} at most; ${garbage}`;
}

/** Returns the pauses as lines of a report. */
export function pausesText(pauses: PausesSummary): readonly string[] {
  const sentence = pausesSentence({
    loop_delay_p99_ms: pauses.loopDelayP99Ms,
    loop_delay_max_ms: pauses.loopDelayMaxMs,
    gc_count: pauses.gcCount,
    gc_ms: pauses.gcMs,
    gc_max_ms: pauses.gcMaxMs,
  });
  return pairs([
    ['Own pauses', sentence],
    ['', 'of this process; latencies include them'],
  ]);
}
