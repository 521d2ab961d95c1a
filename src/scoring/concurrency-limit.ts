/** What one request says about the endpoint. `inFlight` are the others under way when it ended. */
export interface LimitSample {
  readonly result: 'answered' | 'throttled' | 'failed';
  readonly durationMs: number;
  readonly inFlight: number;
}

/** How many requests may be under way. Before `pausedUntil` (epoch milliseconds) none may begin. */
export interface ConcurrencyLimit {
  readonly limit: number;
  readonly pausedUntil: number;
  add(sample: LimitSample, now: number): void;
}

/** A fixed concurrency limit, whatever the endpoint answers. */
export function fixedLimit(limit: number): ConcurrencyLimit {
  return { limit, pausedUntil: Number.NEGATIVE_INFINITY, add: () => undefined };
}

/** A window holds so many answers, and is at least so long. */
const ANSWERS_IN_WINDOW = 40;
const SHORTEST_WINDOW_MS = 20;
const LONGEST_WINDOW_MS = 1_000;
/** How far the median may rise above the unloaded one before the limit gives way. */
const TOLERANCE = 1.5;
const DEEPEST_CUT = 0.8;
/** Up to the first sign of load the limit doubles: so few answers say little, so the sign is clearer. */
const ANSWERS_TO_DOUBLE = 16;
const START_TOLERANCE = 2;
/** The sign takes one doubling back. */
const START_CUT = 0.5;
const CUT_BY_FAILURES = 0.9;
/** After a throttle the limit stands still for so long. */
const HOLD_MS = 1_000;
/** So often the unloaded median is measured anew, with so much of the limit. */
const PROBE_EVERY_MS = 5_000;
/** A median that differs less from the unloaded one leaves nothing to measure. */
const PROBE_DIFFERENCE = 0.1;
const FIRST_PROBE_MS = 1_000;
const PROBE_SHARE = 0.5;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
const FIRST_LIMIT = 8;

/**
 * Adaptive concurrency limit: finds the endpoint's capacity and follows it, from 1 to `most`.
 *
 * It grows, faster from window to window, while it is used up and the median duration stays near
 * the unloaded one; above that it gives way in proportion. At the start it doubles with every round
 * trip until there is a first sign of load, so that a model which is merely slow is not waited for.
 * When the median has left the unloaded one, half of the limit is left empty for a moment, every few
 * seconds, to see how long an unloaded request takes: a slower model is no queue. A throttled request
 * takes its place with it, so the limit falls at once to what the endpoint let in. Throttled with
 * nothing else under way, requests pause. Source: the gradient limits (no AIMD) of Netflix
 * concurrency-limits, measured with medians (stalls and lucky requests move a minimum), the probe of BBR, the slow start
 * of TCP, and a least of 1.
 */
export class AdaptiveLimit implements ConcurrencyLimit {
  readonly #most: number;
  readonly #random: () => number;
  #limit: number;
  #step = 1;
  #base = Number.POSITIVE_INFINITY;
  #durations: number[] = [];
  #hadFailures = false;
  #wasFull = false;
  #windowAt = Number.NaN;
  #probeAt = Number.NaN;
  #isProbing = false;
  #isStarting = true;
  #heldUntil = Number.NEGATIVE_INFINITY;
  #refusals = 0;
  pausedUntil: number = Number.NEGATIVE_INFINITY;

  constructor(most: number, random: () => number) {
    this.#most = most;
    this.#random = random;
    this.#limit = Math.min(FIRST_LIMIT, most);
  }

  get limit(): number {
    return Math.max(1, Math.floor(this.#isProbing ? this.#limit * PROBE_SHARE : this.#limit));
  }

  add({ result, durationMs, inFlight }: LimitSample, now: number): void {
    if (Number.isNaN(this.#windowAt)) {
      this.#windowAt = now - durationMs;
      this.#probeAt = now + FIRST_PROBE_MS;
    }
    if (inFlight + 1 >= this.limit) this.#wasFull = true;
    if (result === 'throttled') this.#throttled(inFlight, now);
    else if (result === 'failed') this.#hadFailures = true;
    else {
      this.#refusals = 0;
      // What was sent before the window belongs to another load.
      if (now - durationMs >= this.#windowAt) this.#durations.push(durationMs);
    }
    // A probe begins to measure when no more than its share is under way.
    if (this.#isProbing && inFlight > this.limit) this.#begin(now);
    else this.#endWindow(now);
  }

  #throttled(inFlight: number, now: number): void {
    this.#limit = Math.max(1, Math.min(this.#limit, inFlight));
    this.#step = 1;
    this.#isStarting = false;
    this.#heldUntil = now + HOLD_MS;
    if (inFlight > 0) return;
    const ceilingMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#refusals);
    this.#refusals += 1;
    this.pausedUntil = now + this.#random() * ceilingMs;
  }

  #endWindow(now: number): void {
    const ms = now - this.#windowAt;
    const wanted = ms >= LONGEST_WINDOW_MS ? 1 : this.#answersWanted();
    const isWhole = this.#durations.length >= wanted;
    if (ms < SHORTEST_WINDOW_MS || !(isWhole || this.#hadFailures)) return;
    if (isWhole) this.#adjust(median(this.#durations), now);
    // Failures count as load, once a window.
    if (this.#hadFailures) this.#shrink(CUT_BY_FAILURES);
    this.#begin(now);
  }

  /** At the start a round trip is enough. */
  #answersWanted(): number {
    return this.#isStarting ? Math.min(ANSWERS_TO_DOUBLE, this.limit) : ANSWERS_IN_WINDOW;
  }

  #begin(now: number): void {
    this.#durations = [];
    this.#hadFailures = false;
    this.#wasFull = false;
    this.#windowAt = now;
  }

  #adjust(medianMs: number, now: number): void {
    if (this.#isProbing || this.#base === Number.POSITIVE_INFINITY) {
      this.#isProbing = false;
      this.#base = medianMs;
      if (!this.#isStarting) return;
    }
    const [tolerance, deepest] = this.#isStarting
      ? [START_TOLERANCE, START_CUT]
      : [TOLERANCE, DEEPEST_CUT];
    const ratio = (tolerance * this.#base) / medianMs;
    if (ratio < 1) this.#shrink(Math.max(deepest, ratio));
    else if (this.#wasFull && now >= this.#heldUntil) this.#grow();
    if (now < this.#probeAt || !this.#wasFull) return;
    this.#probeAt = now + PROBE_EVERY_MS;
    this.#isProbing = Math.abs(medianMs / this.#base - 1) > PROBE_DIFFERENCE;
  }

  #grow(): void {
    const step = this.#isStarting ? this.#limit : this.#step;
    this.#limit = Math.min(this.#most, this.#limit + step);
    this.#step = Math.min(this.#step * 2, Math.max(1, this.#limit / 2));
  }

  #shrink(share: number): void {
    this.#limit = Math.max(1, this.#limit * share);
    this.#step = 1;
    this.#isStarting = false;
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
