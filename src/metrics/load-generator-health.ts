import { per } from '../text/format.ts';
import { Latency, type LatencySummary } from './latency.ts';

/**
 * Load of this process over a span of time.
 *
 * `cores` is its processor time a second, of all threads; `busyShare` that of the time in which the
 * event loop of this thread had something to do. `delay...` is how late the loop's timers fired.
 * `gc...` are the garbage collections of this thread: how many, how long in all, and the longest.
 */
export interface Load {
  readonly seconds: number;
  readonly cores: number;
  readonly busyShare: number;
  readonly delayP99Ms: number;
  readonly delayMaxMs: number;
  readonly memoryBytes: number;
  readonly gcCount: number;
  readonly gcMs: number;
  readonly gcMaxMs: number;
}

/** Later than this after it was due, a record left late. */
const LATE_MS = 10;
/** Slip at which the rate was not kept. */
const SLIP_P99_MS = 25;
/** In fewer seconds one pause is enough for the p99. */
const ENOUGH_SECONDS = 10;
/** A pause delays records of one second, or of two neighbours. */
const PAUSE_SECONDS = 2;
/** A second is delayed when more than this share of its records was. */
const DELAYED_SHARE = 0.1;
/** From this share of its time on, an event loop has none to spare. */
const BUSY = 0.9;
/** From this share of the run on, it was the target that held the records back. */
const BLOCKED_SHARE = 0.05;

/** What limited the rate; `nothing` if it was kept, `unknown` if nothing was measured. */
export type LimitedBy = 'nothing' | 'generator' | 'target' | 'unknown';

/** Records by the second in which they were due, and how many of them left too late. */
class DelayedSeconds {
  #second = Number.NaN;
  /** Of that second. */
  #records = 0;
  #late = 0;
  #seconds = 0;
  #delayed = 0;
  #allRecords = 0;
  #allLate = 0;

  add(dueAt: number, isLate: boolean): void {
    const second = Math.floor(dueAt / 1000);
    if (second !== this.#second) this.#begin(second);
    this.#records += 1;
    this.#allRecords += 1;
    if (!isLate) return;
    this.#late += 1;
    this.#allLate += 1;
  }

  /** What this machine was late with is no more than a pause. */
  get isPause(): boolean {
    const delayed = this.#delayed + (this.#isDelayed ? 1 : 0);
    const isMostlyInTime = this.#allLate <= this.#allRecords / 2;
    return this.#seconds < ENOUGH_SECONDS && delayed <= PAUSE_SECONDS && isMostlyInTime;
  }

  get #isDelayed(): boolean {
    return this.#late > DELAYED_SHARE * this.#records;
  }

  #begin(second: number): void {
    if (this.#isDelayed) this.#delayed += 1;
    this.#seconds += 1;
    this.#second = second;
    this.#records = 0;
    this.#late = 0;
  }
}

/**
 * Health of the load generator: whether it kept its schedule, and if not, why.
 *
 * `slip` is from the instant a record was due to the one at which it was handed to the producer;
 * `blocked` the time in which the producer took none, because it waited for the target. Loads are of
 * this process: of its busiest second, and on average.
 */
export interface LoadGeneratorSummary {
  readonly slip: LatencySummary;
  readonly late: number;
  readonly blockedMs: number;
  readonly limitedBy: LimitedBy;
  readonly isSaturated: boolean;
  readonly coresMean: number;
  readonly busyShareMost: number;
  readonly loopDelayP99Ms: number;
  readonly loopDelayMaxMs: number;
  readonly memoryMostBytes: number;
}

/**
 * Returns true for a short run that kept its rate although one pause made its p99 late.
 */
export function hasPaused(limitedBy: LimitedBy, slipP99Ms: number): boolean {
  return limitedBy === 'nothing' && slipP99Ms > SLIP_P99_MS;
}

/** Folds the punctuality of records and the load of this process into the generator's health. */
export class LoadGeneratorHealth {
  readonly #slip = new Latency();
  readonly #seconds = new DelayedSeconds();
  readonly #isPaced: boolean;
  #late = 0;
  #blockedMs = 0;
  /** The part of it that the loads so far cover, and the part in which the event loop was busy. */
  #blockedSeenMs = 0;
  #blockedBusyMs = 0;
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
      this.#seconds.add(dueAt, now - dueAt > SLIP_P99_MS);
      if (now - dueAt > LATE_MS) this.#late += 1;
    }
  }

  /** The producer took no records for this long. */
  addBlocked(ms: number): void {
    this.#blockedMs += ms;
  }

  addLoad({ seconds, cores, busyShare, delayP99Ms, delayMaxMs, memoryBytes }: Load): void {
    this.#ms += 1000 * seconds;
    this.#coreSeconds += cores * seconds;
    this.#busiest = most(this.#busiest, busyShare);
    this.#blockedBusyMs += busyShare * (this.#blockedMs - this.#blockedSeenMs);
    this.#blockedSeenMs = this.#blockedMs;
    this.#delayP99Ms = most(this.#delayP99Ms, delayP99Ms);
    this.#delayMaxMs = most(this.#delayMaxMs, delayMaxMs);
    this.#memory = most(this.#memory, memoryBytes);
  }

  summary(): LoadGeneratorSummary {
    const slip = this.#slip.summary();
    const limitedBy = this.#limitedBy(slip);
    return {
      slip,
      late: this.#isPaced ? this.#late : 0,
      blockedMs: this.#blockedMs,
      limitedBy,
      isSaturated: this.#isPaced && limitedBy === 'generator',
      coresMean: per(1000 * this.#coreSeconds, this.#ms),
      busyShareMost: this.#busiest,
      loopDelayP99Ms: this.#delayP99Ms,
      loopDelayMaxMs: this.#delayMaxMs,
      memoryMostBytes: this.#memory,
    };
  }

  #limitedBy({ count, p99Ms }: LatencySummary): LimitedBy {
    if (count === 0) return 'unknown';
    if (this.#isPaced && (!(p99Ms > SLIP_P99_MS) || this.#seconds.isPause)) return 'nothing';
    const isBlocked = this.#ms > 0 && this.#blockedMs / this.#ms > BLOCKED_SHARE;
    // A producer that has no time for its own answers also takes no records: only then, not in some other second.
    const isIdle = this.#blockedBusyMs < BUSY * this.#blockedSeenMs;
    return isBlocked && isIdle ? 'target' : 'generator';
  }
}

/** The larger one; what was not measured is NaN, and counts as nothing. */
function most(before: number, now: number): number {
  return now > before || Number.isNaN(before) ? now : before;
}
