import type { Limiter, Sample } from './limiter.ts';

/** A window holds so many answers, and is at least so long. */
const ANSWERS_IN_WINDOW = 40;
const SHORTEST_WINDOW_MS = 20;
const LONGEST_WINDOW_MS = 1_000;
/** How far the median may rise above the unloaded one before the limit gives way. */
const TOLERANCE = 1.5;
const DEEPEST_CUT = 0.8;
const CUT_BY_FAILURES = 0.9;
/** After a throttle the limit stands still for so long. */
const HOLD_MS = 1_000;
/** So often the unloaded median is measured anew, with so much of the limit. */
const PROBE_EVERY_MS = 5_000;
const FIRST_PROBE_MS = 1_000;
const PROBE_SHARE = 0.5;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
const FIRST_LIMIT = 8;

/**
 * A limit that finds the endpoint's capacity and follows it, at least 1 and at most `most`.
 *
 * It grows, faster from window to window, while it is used up and the median duration stays near
 * the unloaded one; above that it gives way in proportion. Every few seconds half of the limit is
 * left empty for a moment to see how long an unloaded request takes: a slower model is no queue. A
 * throttled request takes its place with it, so the limit falls at once to what the endpoint let
 * in. Throttled with nothing else under way, requests pause. Source: the gradient limits of Netflix
 * concurrency-limits, measured with medians (stalls and lucky requests move a minimum), the probe
 * of BBR, and a least of 1.
 */
export class AdaptiveLimit implements Limiter {
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

  add({ result, durationMs, inFlight }: Sample, now: number): void {
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
    this.#heldUntil = now + HOLD_MS;
    if (inFlight > 0) return;
    const ceilingMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#refusals);
    this.#refusals += 1;
    this.pausedUntil = now + this.#random() * ceilingMs;
  }

  #endWindow(now: number): void {
    const ms = now - this.#windowAt;
    const wanted = ms >= LONGEST_WINDOW_MS ? 1 : ANSWERS_IN_WINDOW;
    const isWhole = this.#durations.length >= wanted;
    if (ms < SHORTEST_WINDOW_MS || !(isWhole || this.#hadFailures)) return;
    if (isWhole) this.#adjust(median(this.#durations), now);
    // Failures count as load, once a window.
    if (this.#hadFailures) this.#shrink(CUT_BY_FAILURES);
    this.#begin(now);
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
      return;
    }
    const ratio = (TOLERANCE * this.#base) / medianMs;
    if (ratio < 1) this.#shrink(Math.max(DEEPEST_CUT, ratio));
    else if (this.#wasFull && now >= this.#heldUntil) this.#grow();
    if (now < this.#probeAt) return;
    this.#probeAt = now + PROBE_EVERY_MS;
    this.#isProbing = this.#wasFull;
  }

  #grow(): void {
    this.#limit = Math.min(this.#most, this.#limit + this.#step);
    this.#step = Math.min(this.#step * 2, Math.max(1, this.#limit / 2));
  }

  #shrink(share: number): void {
    this.#limit = Math.max(1, this.#limit * share);
    this.#step = 1;
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
