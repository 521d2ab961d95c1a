const FIRST_SIZE = 1024;
/** Fibonacci hashing: 2^32 over the golden ratio. */
const SPREAD = 0x9e3779b1;

/** A terminal: the slot of its merchant (-1 for an unknown one), the hash of its number, and its own slot. */
export interface TerminalSlot {
  readonly merchant: number;
  readonly terminal: number;
  readonly slot: number;
}

/**
 * Numbers the terminals that are remembered, from 0 on, by two numbers: an open-addressing hash table, since a text of
 * merchant and terminal costs more than all other features of the terminal.
 */
export class TerminalSlots {
  /** Three numbers an entry: merchant, terminal, 1 + slot; 0 there is a free entry. */
  #table = new Int32Array(3 * FIRST_SIZE);
  #mask = FIRST_SIZE - 1;
  #size = 0;
  #next = 0;
  #free: number[] = [];

  /** The slot of a terminal: a free one where it has none. `terminal` is a hash of 32 bits. */
  take(merchant: number, terminal: number): number {
    const at = this.#find(merchant, terminal | 0);
    const known = this.#table[at + 2] as number;
    if (known > 0) return known - 1;
    const slot = this.#free.pop() ?? this.#next;
    if (slot === this.#next) this.#next += 1;
    this.#table.set([merchant, terminal | 0, slot + 1], at);
    this.#size += 1;
    if (this.#size * 2 > this.#mask) this.#rebuild([...this.entries()], (this.#mask + 1) * 2);
    return slot;
  }

  /** Forgets the terminals that are not kept. */
  forget(isKept: (slot: number) => boolean): void {
    const kept: TerminalSlot[] = [];
    for (const entry of this.entries()) {
      if (isKept(entry.slot)) kept.push(entry);
      else this.#free.push(entry.slot);
    }
    if (kept.length < this.#size) this.#rebuild(kept, this.#mask + 1);
  }

  *entries(): Generator<TerminalSlot, void, undefined> {
    const table = this.#table;
    for (let at = 0; at < table.length; at += 3) {
      const [merchant = 0, terminal = 0, next = 0] = table.subarray(at, at + 3);
      if (next > 0) yield { merchant, terminal: terminal >>> 0, slot: next - 1 };
    }
  }

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#table.byteLength;
  }

  #rebuild(entries: readonly TerminalSlot[], size: number): void {
    this.#table = new Int32Array(3 * size);
    this.#mask = size - 1;
    this.#size = entries.length;
    for (const { merchant, terminal, slot } of entries) {
      const at = this.#find(merchant, terminal | 0);
      this.#table.set([merchant, terminal | 0, slot + 1], at);
    }
  }

  /** Where a terminal stands, or would stand. */
  #find(merchant: number, terminal: number): number {
    const table = this.#table;
    const mask = this.#mask;
    let entry = Math.imul(terminal ^ Math.imul(merchant, SPREAD), SPREAD) >>> 7;
    for (;;) {
      const at = (entry & mask) * 3;
      if (table[at + 2] === 0) return at;
      if (table[at] === merchant && table[at + 1] === terminal) return at;
      entry += 1;
    }
  }
}
