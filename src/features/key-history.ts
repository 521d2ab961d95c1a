import type { EncodedTransaction } from './encoded-transaction.ts';
import { type RingBuffers, visible } from './ring-buffers.ts';

/** No ring has more records. */
const MOST = 64;
const EMPTY = new Float64Array(0);

/**
 * What a key knew before an instant: the records of its ring that can be seen from there.
 *
 * Records are looked at in the order of their insertion, `index` 0 being the oldest.
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
  value(index: number, field: number): number {
    return this.#numbers[(this.#at[this.#first + index] as number) + field] as number;
  }

  /** True for a record of the last so many milliseconds. */
  isWithin(index: number, windowMs: number): boolean {
    return this.value(index, 0) >= this.#time - windowMs;
  }

  /** Records of the window. */
  count(windowMs: number): number {
    let count = 0;
    for (let index = 0; index < this.#count; index += 1)
      if (this.isWithin(index, windowMs)) count += 1;
    return count;
  }

  /** Records of the window with this value in a field. */
  countOf(windowMs: number, field: number, value: number): number {
    let count = 0;
    for (let index = 0; index < this.#count; index += 1) {
      if (this.value(index, field) === value && this.isWithin(index, windowMs)) count += 1;
    }
    return count;
  }

  /** The sum of a field over the window: of whole numbers, so that the order does not matter. */
  sum(windowMs: number, field: number): number {
    let sum = 0;
    for (let index = 0; index < this.#count; index += 1) {
      if (this.isWithin(index, windowMs)) sum += this.value(index, field);
    }
    return sum;
  }

  /** Different values of a field in the window, but for 0 and one that is left out. */
  distinct(windowMs: number, field: number, leftOut: number): number {
    let count = 0;
    for (let index = 0; index < this.#count; index += 1) {
      const value = this.value(index, field);
      if (value === 0 || value === leftOut || !this.isWithin(index, windowMs)) continue;
      if (!this.#hasBefore(index, windowMs, field, value)) count += 1;
    }
    return count;
  }

  #hasBefore(end: number, windowMs: number, field: number, value: number): boolean {
    for (let index = 0; index < end; index += 1) {
      if (this.value(index, field) === value && this.isWithin(index, windowMs)) return true;
    }
    return false;
  }

  /**
   * Whether a value of a field is new: 1 or 0; NaN for an unknown value (0), or where the field has none.
   */
  isNew(field: number, value: number): number {
    if (value === 0) return Number.NaN;
    let hasAny = false;
    for (let index = 0; index < this.#count; index += 1) {
      const seen = this.value(index, field);
      if (seen === value) return 0;
      if (seen !== 0) hasAny = true;
    }
    return hasAny ? 1 : Number.NaN;
  }

  /** The index of the previous record, or of the previous with a value in a field; -1 without one. */
  previous(field?: number): number {
    let found = -1;
    let latest = Number.NEGATIVE_INFINITY;
    for (let index = 0; index < this.#count; index += 1) {
      const time = this.value(index, 0);
      const isKnown = field === undefined || this.value(index, field) !== 0;
      if (time < latest || !isKnown) continue;
      latest = time;
      found = index;
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
