import type { Draft } from './draft.ts';
import type { Shard } from './shard.ts';

/**
 * All shards as one, in the order of time and, at the same instant, of the shard.
 *
 * Hence which shards are simulated together changes no transaction: only who comes next to whom.
 * A heap of shards, the earliest at the root.
 */
export class Merge {
  readonly #heap: Shard[];

  constructor(shards: readonly Shard[]) {
    this.#heap = [...shards];
    for (let place = this.#heap.length >> 1; place >= 0; place -= 1) this.#sink(place);
  }

  /** The transaction that comes next, valid until `advance`. */
  get draft(): Draft {
    return (this.#heap[0] as Shard).draft;
  }

  advance(): void {
    (this.#heap[0] as Shard).advance();
    this.#sink(0);
  }

  #sink(from: number): void {
    const heap = this.#heap;
    const shard = heap[from];
    if (!shard) return;
    let place = from;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      const right = child + 1;
      if (right < heap.length && isBefore(heap[right] as Shard, heap[child] as Shard))
        child = right;
      if (!isBefore(heap[child] as Shard, shard)) break;
      heap[place] = heap[child] as Shard;
      place = child;
    }
    heap[place] = shard;
  }
}

function isBefore(a: Shard, b: Shard): boolean {
  return a.draft.atMs < b.draft.atMs || (a.draft.atMs === b.draft.atMs && a.index < b.index);
}
