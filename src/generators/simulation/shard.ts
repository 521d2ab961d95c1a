import type { Agenda } from './agenda.ts';
import { Draft } from './draft.ts';

/** A world has 64 virtual shards, whoever simulates it: shard i owns the cards with card mod 64 = i. */
export const VIRTUAL_SHARDS = 64;

/** The transactions of one virtual shard, in the order of their time. */
export class Shard {
  readonly #agenda: Agenda;
  #sequence: number;
  #next = new Draft();

  /** What is on the agenda before `startAt` has happened before the world begins, and is not told. */
  constructor(index: number, agenda: Agenda, startAt: number) {
    this.#sequence = index;
    this.#agenda = agenda;
    while (agenda.nextAtMs < startAt) agenda.advance(this.#next);
    this.#fill();
  }

  /** When the next transaction is; `Infinity` when there is none. */
  get nextAtMs(): number {
    return this.#next.atMs;
  }

  /** The next transaction, in exchange for a draft that is needed no more. */
  take(spare: Draft): Draft {
    const taken = this.#next;
    this.#next = spare;
    this.#fill();
    return taken;
  }

  #fill(): void {
    const draft = this.#next;
    draft.sequence = this.#sequence;
    this.#sequence += VIRTUAL_SHARDS;
    // Whole milliseconds, because that is what will be written: the order must not hang on less.
    draft.atMs = Math.floor(this.#agenda.nextAtMs);
    if (draft.atMs === Number.POSITIVE_INFINITY) return;
    draft.reset();
    this.#agenda.advance(draft);
  }
}
