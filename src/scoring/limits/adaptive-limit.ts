import type { Limiter, Sample } from './limiter.ts';

/** A window is as long as a request takes, at least this, and holds at least so many answers. */
const SHORTEST_WINDOW_MS = 20;
const LEAST_ANSWERS = 10;
/** How far the median may rise above the unloaded one before the limit gives way. */
const TOLERANCE = 1.3;
/** The unloaded median rises so much a window, or a slower model would look like a queue for ever. */
const CREEP = 1.005;
const DEEPEST_CUT = 0.8;
const CUT_BY_FAILURES = 0.9;
/** After a throttle the limit stands still for so long. */
const HOLD_MS = 1_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
const FIRST_LIMIT = 4;

/**
 * A limit that finds the endpoint's capacity and follows it, at least 1 and at most `most`.
 *
 * It grows, faster from window to window, while it is used up and the median duration stays near
 * the unloaded one; above that it gives way in proportion. A throttled request takes its place with
 * it: so the limit falls at once to what the endpoint let in. Throttled at a limit of 1, requests
 * pause. Source: the gradient limits of Netflix concurrency-limits, with a median instead of a
 * minimum (stalls and lucky requests move a minimum) and a least of 1 instead of 20.
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
  #heldUntil = Number.NEGATIVE_INFINITY;
  #refusals = 0;
  pausedUntil: number = Number.NEGATIVE_INFINITY;

  constructor(most: number, random: () => number) {
    this.#most = most;
    this.#random = random;
    this.#limit = Math.min(FIRST_LIMIT, most);
  }

  get limit(): number {
    return Math.floor(this.#limit);
  }

  add({ result, durationMs, inFlight }: Sample, now: number): void {
    if (Number.isNaN(this.#windowAt)) this.#windowAt = now;
    if (inFlight + 1 >= this.limit) this.#wasFull = true;
    if (result === 'throttled') this.#throttled(inFlight, now);
    else if (result === 'failed') this.#hadFailures = true;
    else {
      this.#refusals = 0;
      this.#durations.push(durationMs);
    }
    this.#endWindow(now);
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
    const wantedMs = Math.max(SHORTEST_WINDOW_MS, Math.min(this.#base, 1_000));
    if (now - this.#windowAt < wantedMs) return;
    if (this.#durations.length >= LEAST_ANSWERS) this.#adjust(median(this.#durations), now);
    else if (!this.#hadFailures) return;
    if (this.#hadFailures) this.#shrink(CUT_BY_FAILURES);
    this.#durations = [];
    this.#hadFailures = false;
    this.#wasFull = false;
    this.#windowAt = now;
  }

  #adjust(medianMs: number, now: number): void {
    // With one request under way at a time no other of ours can have kept it waiting.
    const isAlone = this.limit === 1;
    this.#base = isAlone ? medianMs : Math.min(this.#base * CREEP, medianMs);
    const ratio = (TOLERANCE * this.#base) / medianMs;
    if (ratio < 1) this.#shrink(Math.max(DEEPEST_CUT, ratio));
    else if (this.#wasFull && now >= this.#heldUntil) this.#grow();
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
