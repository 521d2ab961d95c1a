/** Numbers the keys that are remembered, from 0 on, so that each ring of a key is found without its text. */
export class KeySlots {
  readonly #slots = new Map<string, number>();
  readonly #free: number[] = [];
  #next = 0;

  /** The slot of a key: a free one where it has none. */
  take(key: string): number {
    const known = this.#slots.get(key);
    if (known !== undefined) return known;
    const slot = this.#free.pop() ?? this.#next;
    if (slot === this.#next) this.#next += 1;
    this.#slots.set(key, slot);
    return slot;
  }

  /** Forgets a key; its slot is taken by another one. */
  free(key: string): void {
    const slot = this.#slots.get(key);
    if (slot === undefined) return;
    this.#slots.delete(key);
    this.#free.push(slot);
  }

  entries(): Iterable<[string, number]> {
    return this.#slots;
  }

  get size(): number {
    return this.#slots.size;
  }
}
