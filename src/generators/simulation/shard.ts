import type { Agenda } from './agenda.ts';
import { Draft } from './draft.ts';

/** A world has 64 virtual shards, whoever simulates it: shard i owns the cards with card mod 64 = i. */
export const VIRTUAL_SHARDS = 64;

/** The transactions of one virtual shard, in the order of their time. */
export class Shard {
  /** The transaction that comes next. */
  readonly draft: Draft = new Draft();
  readonly #agenda: Agenda;

  constructor(index: number, agenda: Agenda) {
    this.draft.sequence = index - VIRTUAL_SHARDS;
    this.#agenda = agenda;
    this.advance();
  }

  /** Goes on to the next transaction; its time is `Infinity` when there is none. */
  advance(): void {
    const { draft } = this;
    // Whole milliseconds, because that is what will be written: the order must not hang on less.
    const atMs = Math.floor(this.#agenda.nextAtMs);
    draft.sequence += VIRTUAL_SHARDS;
    draft.atMs = atMs;
    if (atMs === Number.POSITIVE_INFINITY) return;
    draft.reset();
    this.#agenda.advance(draft);
  }
}
