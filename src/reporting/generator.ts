import type { Load } from '../records/load.ts';
import { Latency, type LatencySummary } from './latency.ts';
import { per } from './per.ts';

/** Later than this after it was due, a record left late. */
const LATE_MS = 10;
/** Slip at which the rate was not kept. */
const SLIP_P99_MS = 25;
/** From this share of its time on, an event loop has none to spare. */
const BUSY = 0.9;
/** From this share of the run on, it was the target that held the records back. */
const HELD_UP = 0.05;

/** Who kept the rate from being higher: nobody, as far as it was kept. */
export type LimitedBy = 'nothing' | 'generator' | 'target';

/**
 * Whether this side kept its schedule, and if not, why.
 *
 * `slip` is from the instant a record was due to the one at which it was handed to the producer;
 * `heldUp` the time in which the producer took none, because it waited for the target. Loads are of
 * this process: of its busiest second, and on average.
 */
export interface GeneratorSummary {
  readonly slip: LatencySummary;
  readonly late: number;
  readonly heldUpMs: number;
  readonly limitedBy: LimitedBy;
  readonly isSaturated: boolean;
  readonly coresMean: number;
  readonly busyShareMost: number;
  readonly loopDelayP99Ms: number;
  readonly loopDelayMaxMs: number;
  readonly memoryMostBytes: number;
}

/** Folds the punctuality of records and the load of this process into a judgement. */
export class Generator {
  readonly #slip = new Latency();
  readonly #isPaced: boolean;
  #late = 0;
  #heldUpMs = 0;
  /** Of that, what the loads so far were told of, and the part in which the event loop was busy. */
  #heldUpSeenMs = 0;
  #heldUpBusyMs = 0;
  #ms = 0;
  #coreSeconds = 0;
  #busiest = Number.NaN;
  #delayP99Ms = Number.NaN;
  #delayMaxMs = Number.NaN;
  #memory = Number.NaN;

  /** Without a pace nothing can be late. */
  constructor(isPaced: boolean) {
    this.#isPaced = isPaced;
  }

  /** A group was handed on at this instant; what was due before `measuredFrom` does not count. */
  left(group: readonly { readonly dueAt: number }[], now: number, measuredFrom: number): void {
    for (const { dueAt } of group) {
      if (dueAt < measuredFrom) continue;
      this.#slip.add(now - dueAt);
      if (now - dueAt > LATE_MS) this.#late += 1;
    }
  }

  /** Whoever takes the records took none for so long. */
  heldUp(ms: number): void {
    this.#heldUpMs += ms;
  }

  addLoad({ seconds, cores, busyShare, delayP99Ms, delayMaxMs, memoryBytes }: Load): void {
    this.#ms += 1000 * seconds;
    this.#coreSeconds += cores * seconds;
    this.#busiest = most(this.#busiest, busyShare);
    this.#heldUpBusyMs += busyShare * (this.#heldUpMs - this.#heldUpSeenMs);
    this.#heldUpSeenMs = this.#heldUpMs;
    this.#delayP99Ms = most(this.#delayP99Ms, delayP99Ms);
    this.#delayMaxMs = most(this.#delayMaxMs, delayMaxMs);
    this.#memory = most(this.#memory, memoryBytes);
  }

  summary(): GeneratorSummary {
    const slip = this.#slip.summary();
    const limitedBy = this.#limitedBy(slip);
    return {
      slip,
      late: this.#isPaced ? this.#late : 0,
      heldUpMs: this.#heldUpMs,
      limitedBy,
      isSaturated: this.#isPaced && limitedBy === 'generator',
      coresMean: per(1000 * this.#coreSeconds, this.#ms),
      busyShareMost: this.#busiest,
      loopDelayP99Ms: this.#delayP99Ms,
      loopDelayMaxMs: this.#delayMaxMs,
      memoryMostBytes: this.#memory,
    };
  }

  #limitedBy({ p99Ms }: LatencySummary): LimitedBy {
    if (this.#isPaced && !(p99Ms > SLIP_P99_MS)) return 'nothing';
    const isHeldUp = this.#ms > 0 && this.#heldUpMs / this.#ms > HELD_UP;
    // A producer that has no time for its own answers also takes no records: only then, not in some other second.
    const isIdle = this.#heldUpBusyMs < BUSY * this.#heldUpSeenMs;
    return isHeldUp && isIdle ? 'target' : 'generator';
  }
}

/** The larger one; what was not measured is NaN, and counts as nothing. */
function most(before: number, now: number): number {
  return now > before || Number.isNaN(before) ? now : before;
}
