/** Priority queue of sealed entries, the one with the oldest record first (a binary heap). */
export class EntryQueue<
  Entry extends { readonly firstOrdinal: number; readonly oldestArrivalAt: number },
> {
  readonly #entries: Entry[] = [];

  get size(): number {
    return this.#entries.length;
  }

  /** The oldest entry; `undefined` when there is none. */
  get first(): Entry | undefined {
    return this.#entries[0];
  }

  add(entry: Entry): void {
    const entries = this.#entries;
    let index = entries.length;
    entries.push(entry);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = entries[parentIndex] as Entry;
      if (parent.firstOrdinal <= entry.firstOrdinal) break;
      entries[index] = parent;
      index = parentIndex;
    }
    entries[index] = entry;
  }

  /** Removes the oldest entry. */
  take(): Entry | undefined {
    const first = this.#entries[0];
    const last = this.#entries.pop();
    if (last && last !== first) this.#sink(last);
    return first;
  }

  /** Removes the oldest entry if it carries a record that arrived before the instant. */
  takeOlderThan(instant: number): Entry | undefined {
    const { first } = this;
    return first && first.oldestArrivalAt < instant ? this.take() : undefined;
  }

  /** Removes all entries, in no particular order. */
  drain(): readonly Entry[] {
    return this.#entries.splice(0);
  }

  /** Puts an entry where the first one was, and moves it down to where it belongs. */
  #sink(entry: Entry): void {
    const entries = this.#entries;
    let index = 0;
    for (;;) {
      let childIndex = 2 * index + 1;
      if (childIndex >= entries.length) break;
      const right = entries[childIndex + 1];
      if (right && right.firstOrdinal < (entries[childIndex] as Entry).firstOrdinal) {
        childIndex += 1;
      }
      const child = entries[childIndex] as Entry;
      if (entry.firstOrdinal <= child.firstOrdinal) break;
      entries[index] = child;
      index = childIndex;
    }
    entries[index] = entry;
  }
}
