/** Slots at first; twice as many whenever half are taken. */
const FIRST_SLOTS = 1 << 12;
/** 8 million identifiers in 128 MiB. */
const MOST_SLOTS = 1 << 24;
const FNV_PRIME = 0x01000193;
const FNV_OFFSET = 0x811c9dc5;
const OTHER_OFFSET = 0x9747b28c;

/**
 * Identifiers that were seen, by a hash of 64 bits; it takes 8 million of them and then no more.
 *
 * Two identifiers that differ are taken for one with a chance of about 1 in 500,000 at 8 million.
 */
export class IdSet {
  #high = new Uint32Array(FIRST_SLOTS);
  #low = new Uint32Array(FIRST_SLOTS);
  #size = 0;
  readonly #mostSlots: number;

  constructor(mostSlots: number = MOST_SLOTS) {
    this.#mostSlots = mostSlots;
  }

  /** True when it takes no more, and so says nothing of what comes from here on. */
  get isFull(): boolean {
    return this.#size * 2 >= this.#mostSlots;
  }

  /** True when the identifier was there before. */
  add(id: string): boolean {
    if (this.#size * 2 >= this.#high.length && !this.isFull) this.#grow();
    const [high, low] = hashed(id);
    const slot = this.#slotOf(high, low);
    if (this.#isTaken(slot)) return true;
    if (this.isFull) return false;
    this.#high[slot] = high;
    this.#low[slot] = low;
    this.#size += 1;
    return false;
  }

  /** Where the hash stands, or the free slot where it would. */
  #slotOf(high: number, low: number): number {
    const mask = this.#high.length - 1;
    let slot = low & mask;
    while (this.#isTaken(slot) && (this.#high[slot] !== high || this.#low[slot] !== low)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #isTaken(slot: number): boolean {
    return this.#high[slot] !== 0;
  }

  #grow(): void {
    const [highs, lows] = [this.#high, this.#low];
    this.#high = new Uint32Array(highs.length * 2);
    this.#low = new Uint32Array(highs.length * 2);
    for (const [place, high] of highs.entries()) {
      if (high === 0) continue;
      const slot = this.#slotOf(high, lows[place] ?? 0);
      this.#high[slot] = high;
      this.#low[slot] = lows[place] ?? 0;
    }
  }
}

/** Two hashes of 32 bits, FNV-1a and a relative of it, mixed; the first is never 0, which means free. */
function hashed(id: string): readonly [number, number] {
  let high = FNV_OFFSET;
  let low = OTHER_OFFSET;
  for (let place = 0; place < id.length; place += 1) {
    const unit = id.charCodeAt(place);
    high = Math.imul(high ^ unit, FNV_PRIME);
    low = Math.imul(low ^ (unit + place), 0x5bd1e995);
    low ^= low >>> 15;
  }
  return [mixed(high) || 1, mixed(low)];
}

/** The last step of MurmurHash3, which spreads every bit over all others. */
function mixed(hash: number): number {
  let bits = hash ^ (hash >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits ^= bits >>> 13;
  bits = Math.imul(bits, 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
