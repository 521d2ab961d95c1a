import { TransactionDraft } from '../simulation/draft.ts';
import type { BlockWriter } from './block-buffers.ts';
import { isFull, type LineBlock } from './line-block.ts';
import type { PublishedRows, WindowExchange } from './window-exchange.ts';

/** Where a window's blocks come from and go to. */
export interface BlockPort {
  /** An empty block, if there is one. */
  take(): LineBlock | undefined;
  /** Hands over lines of a window; without a block there are none (more). */
  send(window: number, block: LineBlock | undefined, isLast: boolean): void;
  /** Says that neither this window nor any later one has lines. */
  end(window: number): void;
}

/** Writes the lines of one window after another, of all threads' drafts, in the order of their keys. */
export class WindowWriter {
  readonly #windowExchange: WindowExchange;
  readonly #writer: BlockWriter;
  readonly #port: BlockPort;
  readonly #draft = new TransactionDraft();
  /** By thread: what is being read, which row is next, and its key, infinite behind the last. */
  readonly #heads: (PublishedRows | undefined)[];
  readonly #rowIndexes: Int32Array;
  readonly #keys: Float64Array;
  /** Threads whose next rows are not there yet. */
  readonly #missing = new Set<number>();
  #window = 0;
  #block: LineBlock | undefined;
  #isOver = false;

  constructor(windowExchange: WindowExchange, writer: BlockWriter, port: BlockPort) {
    this.#windowExchange = windowExchange;
    this.#writer = writer;
    this.#port = port;
    this.#heads = new Array(windowExchange.threads).fill(undefined);
    this.#rowIndexes = new Int32Array(windowExchange.threads);
    this.#keys = new Float64Array(windowExchange.threads);
    this.#claim();
  }

  /** No window is left that has lines. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Writes what can be written of its window; false when that is nothing. */
  advance(): boolean {
    if (this.#isOver || !this.#lineUp()) return false;
    if (this.#hasEnded()) {
      this.#isOver = true;
      this.#port.end(this.#window);
      return true;
    }
    return this.#merge();
  }

  #claim(): void {
    this.#window = this.#windowExchange.claim();
    for (let thread = 0; thread < this.#windowExchange.threads; thread += 1)
      this.#missing.add(thread);
  }

  /** Takes up what has come; true when of every thread the next draft is known. */
  #lineUp(): boolean {
    for (const thread of this.#missing) {
      if (this.#windowExchange.hasEnded(thread, this.#window)) this.#setHead(thread, undefined);
      else {
        const rows = this.#windowExchange.published(thread, this.#window);
        if (rows) this.#setHead(thread, rows);
      }
    }
    return this.#missing.size === 0;
  }

  #setHead(thread: number, rows: PublishedRows | undefined): void {
    this.#missing.delete(thread);
    this.#heads[thread] = rows;
    this.#rowIndexes[thread] = -1;
    this.#step(thread, rows);
  }

  /** Goes to the next row of a thread; behind the last it frees them, and asks for more if there are. */
  #step(thread: number, head: PublishedRows | undefined): void {
    const index = (this.#rowIndexes[thread] as number) + 1;
    if (head && index < head.count) {
      this.#rowIndexes[thread] = index;
      this.#keys[thread] = head.rows.key(index);
      return;
    }
    this.#keys[thread] = Number.POSITIVE_INFINITY;
    if (!head) return;
    this.#windowExchange.release(thread, this.#window);
    if (!head.isLast) this.#missing.add(thread);
  }

  #hasEnded(): boolean {
    return this.#heads.every((head) => head === undefined);
  }

  #merge(): boolean {
    let hasWritten = false;
    while (this.#missing.size === 0) {
      const thread = this.#earliest();
      if (this.#keys[thread] === Number.POSITIVE_INFINITY) {
        this.#finishWindow();
        return true;
      }
      const block = this.#roomyBlock();
      if (!block) return hasWritten;
      const head = this.#heads[thread] as PublishedRows;
      head.rows.read(this.#rowIndexes[thread] as number, this.#draft);
      this.#writer.add(this.#draft, block);
      hasWritten = true;
      this.#step(thread, head);
    }
    return hasWritten;
  }

  #earliest(): number {
    const keys = this.#keys;
    let first = 0;
    for (let thread = 1; thread < keys.length; thread += 1) {
      if ((keys[thread] as number) < (keys[first] as number)) first = thread;
    }
    return first;
  }

  /** Returns a block with space for a line; a full one is sent. */
  #roomyBlock(): LineBlock | undefined {
    if (this.#block && !isFull(this.#block)) return this.#block;
    if (this.#block) this.#port.send(this.#window, this.#block, false);
    this.#block = this.#port.take();
    if (this.#block) this.#writer.aim(this.#block);
    return this.#block;
  }

  #finishWindow(): void {
    this.#port.send(this.#window, this.#block, true);
    this.#block = undefined;
    this.#claim();
  }
}
