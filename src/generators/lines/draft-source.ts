import { TransactionDraft } from '../simulation/draft.ts';
import { ShardMerge } from '../simulation/merge-shards.ts';
import { shards } from '../simulation/shards.ts';
import { endAt, type World } from '../world.ts';
import { WINDOW_LINES, type WindowExchange } from './window-exchange.ts';

/** Which of the threads of a run this is, counted from 0. */
export interface DraftPart {
  readonly index: number;
  readonly of: number;
}

/** Simulates the shards of a thread, window after window, and writes the drafts to the window exchange. */
export class DraftSource {
  readonly #windowExchange: WindowExchange;
  readonly #thread: number;
  readonly #drafts: ShardMerge;
  readonly #startAt: number;
  readonly #endAt: number;
  readonly #windowMs: number;
  #window = 0;
  #hasEnded = false;
  #spare = new TransactionDraft();

  constructor(world: World, { index, of }: DraftPart, windowExchange: WindowExchange) {
    this.#windowExchange = windowExchange;
    this.#thread = index;
    // A thread's part of a partition is itself a partition, only finer.
    const { partition } = world.settings;
    const part = { index: partition.index + partition.of * index, of: partition.of * of };
    this.#drafts = new ShardMerge(shards({ ...world, partition: part }));
    this.#startAt = world.startAt;
    this.#endAt = endAt(world);
    const perMs = world.transactionsPerSecond / partition.of / 1000;
    this.#windowMs = WINDOW_LINES / perMs;
  }

  /** Simulates the next window or a part of it; false if the exchange is full or the world has ended. */
  advance(): boolean {
    if (this.#hasEnded) return false;
    const window = this.#window;
    const target = this.#windowExchange.free(this.#thread, window);
    if (!target) return false;
    if (this.#isOver()) {
      this.#hasEnded = true;
      this.#windowExchange.endAt(this.#thread, window);
      return true;
    }
    const until = Math.min(this.#endAt, this.#startAt + (window + 1) * this.#windowMs);
    const most = this.#windowExchange.slotRows;
    let rows = 0;
    while (rows < most && this.#drafts.nextAtMs < until) {
      this.#spare = this.#drafts.take(this.#spare);
      target.write(rows, this.#spare);
      rows += 1;
    }
    const isLast = this.#drafts.nextAtMs >= until;
    this.#windowExchange.publish(this.#thread, window, rows, isLast);
    if (isLast) this.#window = window + 1;
    return true;
  }

  #isOver(): boolean {
    const next = this.#drafts.nextAtMs;
    return next >= this.#endAt || next === Number.POSITIVE_INFINITY;
  }
}
