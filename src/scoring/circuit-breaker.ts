const BUCKET_MS = 1_000;
const BUCKETS = 10;
/** Fewer requests than this say nothing. */
const LEAST_REQUESTS = 10;
const SHARE_TO_OPEN = 0.5;
/** So many outages in a row open it at once: a good minute before must not hide them. */
const ROW_TO_OPEN = 20;
/** With few requests under way an outage shows by how long no other answer came. */
const LEAST_IN_ROW = 3;
const ALL_OUTAGES_MS = 2_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

interface Bucket {
  second: number;
  requests: number;
  outages: number;
}

/**
 * Stops requests to an endpoint of which more than half of the last ten seconds' failed, or the
 * last twenty, or all of two seconds.
 *
 * Open, it lets nothing through; after a pause, twice as long each time, one probe decides. Whoever
 * is throttled or refused for a bad row is answered: only outages count.
 */
export class CircuitBreaker {
  readonly #buckets: Bucket[] = Array.from({ length: BUCKETS }, () => ({
    second: -1,
    requests: 0,
    outages: 0,
  }));
  #openedAt = Number.NaN;
  #openUntil = Number.NEGATIVE_INFINITY;
  #pauseMs = FIRST_PAUSE_MS;
  #isProbing = false;
  #openMs = 0;
  #outagesInRow = 0;
  #firstInRowAt = Number.NaN;
  opens: number = 0;

  get isOpen(): boolean {
    return !Number.isNaN(this.#openedAt);
  }

  /** Milliseconds for which it has been open in all. */
  openMs(now: number): number {
    return this.#openMs + (this.isOpen ? now - this.#openedAt : 0);
  }

  /** True when a request may go; of an open breaker, one as a probe after each pause. */
  lets(now: number): boolean {
    return !this.isOpen || (now >= this.#openUntil && !this.#isProbing);
  }

  sent(): void {
    if (this.isOpen) this.#isProbing = true;
  }

  /** What a request came to. While it is open only what was sent after the pause was a probe. */
  answered(wasOutage: boolean, sentAt: number, now: number): void {
    if (!this.isOpen) {
      this.#count(wasOutage, now);
      if (this.#outagesInRow === 0) this.#firstInRowAt = now;
      this.#outagesInRow = wasOutage ? this.#outagesInRow + 1 : 0;
      if (wasOutage && this.#isFailing(now)) this.#open(now);
    } else if (sentAt >= this.#openUntil) {
      this.#isProbing = false;
      if (wasOutage) this.#wait(now);
      else this.#close(now);
    }
  }

  /** A request ended without saying anything of the endpoint: if it was a probe, another may go. */
  abandoned(sentAt: number): void {
    if (this.isOpen && sentAt >= this.#openedAt) this.#isProbing = false;
  }

  #open(now: number): void {
    this.opens += 1;
    this.#openedAt = now;
    this.#isProbing = false;
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#openUntil = now + this.#pauseMs;
  }

  #wait(now: number): void {
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2);
    this.#openUntil = now + this.#pauseMs;
  }

  #close(now: number): void {
    this.#openMs += now - this.#openedAt;
    this.#openedAt = Number.NaN;
    this.#outagesInRow = 0;
    for (const bucket of this.#buckets) bucket.second = -1;
  }

  #count(wasOutage: boolean, now: number): void {
    const second = Math.floor(now / BUCKET_MS);
    const bucket = this.#buckets[second % BUCKETS] as Bucket;
    if (bucket.second !== second) Object.assign(bucket, { second, requests: 0, outages: 0 });
    bucket.requests += 1;
    if (wasOutage) bucket.outages += 1;
  }

  #isFailing(now: number): boolean {
    const oldest = Math.floor(now / BUCKET_MS) - BUCKETS;
    let [requests, outages] = [0, 0];
    for (const bucket of this.#buckets) {
      if (bucket.second <= oldest) continue;
      requests += bucket.requests;
      outages += bucket.outages;
    }
    const isMost = requests >= LEAST_REQUESTS && outages > requests * SHARE_TO_OPEN;
    const inRow = this.#outagesInRow;
    const isAll = inRow >= LEAST_IN_ROW && now - this.#firstInRowAt >= ALL_OUTAGES_MS;
    return isMost || isAll || inRow >= ROW_TO_OPEN;
  }
}
