import type { Load } from './load-generator-health.ts';

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
  #delayP99Ms = Number.NaN;
  #delayMaxMs = Number.NaN;
  #gcCount = 0;
  #gcMs = 0;
  #gcMaxMs = 0;

  add({ delayP99Ms, delayMaxMs, gcCount, gcMs, gcMaxMs }: Load): void {
    this.#delayP99Ms = largest(this.#delayP99Ms, delayP99Ms);
    this.#delayMaxMs = largest(this.#delayMaxMs, delayMaxMs);
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

/** The larger of two figures; NaN stands for one that was not measured. */
function largest(a: number, b: number): number {
  if (Number.isNaN(a)) return b;
  return Number.isNaN(b) ? a : Math.max(a, b);
}
