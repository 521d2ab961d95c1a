const LEAST_BYTES = 64 * 1_024;
/** What a burst of requests has used is not kept for ever. */
const MOST_FREE = 8;

/** Memory for the bytes of requests, used again and again: fresh memory costs more than filling it. */
export class MemoryPool<Memory extends ArrayBuffer | SharedArrayBuffer> {
  readonly #allocate: (bytes: number) => Memory;
  readonly #free: Memory[] = [];

  constructor(allocate: (bytes: number) => Memory) {
    this.#allocate = allocate;
  }

  /** Memory of at least `bytes`. */
  take(bytes: number): Memory {
    const index = this.#free.findLastIndex((memory) => memory.byteLength >= bytes);
    const [known] = index >= 0 ? this.#free.splice(index, 1) : [];
    if (known) return known;
    // The new piece takes the place of a smaller one.
    this.#free.pop();
    return this.#allocate(2 ** Math.ceil(Math.log2(Math.max(LEAST_BYTES, bytes))));
  }

  /** Nobody may read or write the memory any more. */
  giveBack(memory: Memory): void {
    if (this.#free.length < MOST_FREE) this.#free.push(memory);
  }
}
