import type { EncodedTransaction } from './encoded-transaction.ts';
import { type RingBuffers, visible } from './ring-buffers.ts';

/** No ring has more records. */
const MOST = 64;
const EMPTY = new Float64Array(0);

/**
 * What a key knew before an instant: the records of its ring that can be seen from there.
 *
 * Records are looked at in the order of their insertion, `place` 0 being the oldest.
 */
export class KeyHistory {
  #numbers: Float64Array = EMPTY;
  readonly #at = new Int32Array(MOST);
  #count = 0;
  #first = 0;
  #time = 0;

  /** Looks from `time` back over `spanMs`, at the ring that was found last. */
  look(rings: RingBuffers, time: number, spanMs: number): void {
    this.#numbers = rings.numbers;
    this.#time = time;
    this.#count = visible(rings, rings.width, time - spanMs, time, this.#at);
    this.#first = MOST - this.#count;
  }

  get size(): number {
    return this.#count;
  }

  /** A number of a record: `field` 0 is its time. */
  value(place: number, field: number): number {
    return this.#numbers[(this.#at[this.#first + place] as number) + field] as number;
  }

  /** True for a record of the last so many milliseconds. */
  isWithin(place: number, windowMs: number): boolean {
    return this.value(place, 0) >= this.#time - windowMs;
  }

  /** Records of the window. */
  count(windowMs: number): number {
    let count = 0;
    for (let place = 0; place < this.#count; place += 1)
      if (this.isWithin(place, windowMs)) count += 1;
    return count;
  }

  /** Records of the window with this value in a field. */
  countOf(windowMs: number, field: number, value: number): number {
    let count = 0;
    for (let place = 0; place < this.#count; place += 1) {
      if (this.value(place, field) === value && this.isWithin(place, windowMs)) count += 1;
    }
    return count;
  }

  /** The sum of a field over the window: of whole numbers, so that the order does not matter. */
  sum(windowMs: number, field: number): number {
    let sum = 0;
    for (let place = 0; place < this.#count; place += 1) {
      if (this.isWithin(place, windowMs)) sum += this.value(place, field);
    }
    return sum;
  }

  /** Different values of a field in the window, but for 0 and one that is left out. */
  distinct(windowMs: number, field: number, leftOut: number): number {
    let count = 0;
    for (let place = 0; place < this.#count; place += 1) {
      const value = this.value(place, field);
      if (value === 0 || value === leftOut || !this.isWithin(place, windowMs)) continue;
      if (!this.#hasBefore(place, windowMs, field, value)) count += 1;
    }
    return count;
  }

  #hasBefore(end: number, windowMs: number, field: number, value: number): boolean {
    for (let place = 0; place < end; place += 1) {
      if (this.value(place, field) === value && this.isWithin(place, windowMs)) return true;
    }
    return false;
  }

  /**
   * Whether a value of a field is new: 1 or 0; NaN for an unknown value (0), or where the field has none.
   */
  isNew(field: number, value: number): number {
    if (value === 0) return Number.NaN;
    let hasAny = false;
    for (let place = 0; place < this.#count; place += 1) {
      const seen = this.value(place, field);
      if (seen === value) return 0;
      if (seen !== 0) hasAny = true;
    }
    return hasAny ? 1 : Number.NaN;
  }

  /** The place of the previous record, or of the previous with a value in a field; -1 without one. */
  previous(field?: number): number {
    let found = -1;
    let latest = Number.NEGATIVE_INFINITY;
    for (let place = 0; place < this.#count; place += 1) {
      const time = this.value(place, 0);
      const isKnown = field === undefined || this.value(place, field) !== 0;
      if (time < latest || !isKnown) continue;
      latest = time;
      found = place;
    }
    return found;
  }
}

/** A feature that reads the past of a key; the window is that of the manifest. */
export type HistoryFeature = (
  history: KeyHistory,
  encoded: EncodedTransaction,
  windowMs: number,
) => number;
