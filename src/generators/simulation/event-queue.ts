import type { TransactionDraft } from './draft.ts';

/**
 * Somebody who makes transactions: all genuine cards of a shard, one fraud campaign, one retry.
 *
 * Writes the transaction of the instant into the draft and answers when it will act next, in epoch
 * milliseconds; `Infinity` when it is done. It may put others on the agenda, for that instant or later.
 */
export interface Actor {
  act(draft: TransactionDraft, atMs: number, eventQueue: EventQueue): number;
}

/** Who acts next, earliest first: a binary heap. */
export class EventQueue {
  readonly #times: number[] = [];
  readonly #actors: Actor[] = [];

  /** When somebody acts next; `Infinity` when nobody does. */
  get nextAtMs(): number {
    return this.#times[0] ?? Number.POSITIVE_INFINITY;
  }

  add(actor: Actor, atMs: number): void {
    if (atMs === Number.POSITIVE_INFINITY) return;
    let index = this.#times.length;
    this.#times.push(atMs);
    this.#actors.push(actor);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if ((this.#times[parent] as number) <= atMs) break;
      this.#move(parent, index);
      index = parent;
    }
    this.#put(index, actor, atMs);
  }

  /** Lets the earliest act, and puts it back for its next time. */
  advance(draft: TransactionDraft): void {
    const actor = this.#actors[0] as Actor;
    // Nobody it adds can come before it: they act later or, at the same instant, stand behind.
    const nextAtMs = actor.act(draft, this.#times[0] as number, this);
    if (nextAtMs === Number.POSITIVE_INFINITY) this.#removeFirst();
    else this.#sink(actor, nextAtMs);
  }

  #removeFirst(): void {
    const lastAtMs = this.#times.pop() as number;
    const last = this.#actors.pop() as Actor;
    if (this.#times.length > 0) this.#sink(last, lastAtMs);
  }

  /** Places an actor from the root down. */
  #sink(actor: Actor, atMs: number): void {
    const count = this.#times.length;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= count) break;
      const right = child + 1;
      if (right < count && (this.#times[right] as number) < (this.#times[child] as number)) {
        child = right;
      }
      if ((this.#times[child] as number) >= atMs) break;
      this.#move(child, index);
      index = child;
    }
    this.#put(index, actor, atMs);
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#actors[from] as Actor, this.#times[from] as number);
  }

  #put(index: number, actor: Actor, atMs: number): void {
    this.#times[index] = atMs;
    this.#actors[index] = actor;
  }
}
