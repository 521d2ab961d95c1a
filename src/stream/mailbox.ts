/**
 * A queue between a busy writer and one reader: `push` never waits, reading does.
 *
 * It is unbounded on purpose: whoever pushes bounds what it has under way.
 */
export class Mailbox<T> implements AsyncIterable<T> {
  #items: T[] = [];
  #ended = false;
  #error: unknown;
  #wake: (() => void) | undefined;

  push(item: T): void {
    this.#items.push(item);
    this.#wake?.();
  }

  /** Ends the reading once what was pushed has been read; with an error, by throwing it then. */
  end(error?: unknown): void {
    this.#ended = true;
    this.#error ??= error;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      const items = this.#items;
      this.#items = [];
      // `yield*` would wrap each of them in two promises more.
      for (const item of items) yield item;
      if (this.#items.length > 0) continue;
      if (this.#ended) break;
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
      this.#wake = undefined;
    }
    if (this.#error !== undefined) throw this.#error;
  }
}
