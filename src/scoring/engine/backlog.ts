import type { Pending } from './pending.ts';

/** Up to so many places at the front may be empty before they are given back. */
const SLACK = 1_024;

/** Transactions that wait to be sent, first in first out. */
export class Backlog {
  #rows: Pending[] = [];
  #first = 0;

  get size(): number {
    return this.#rows.length - this.#first;
  }

  get oldest(): Pending | undefined {
    return this.#rows[this.#first];
  }

  add(row: Pending): void {
    this.#rows.push(row);
  }

  /** The oldest so many, or all there are. */
  take(most: number): readonly Pending[] {
    const taken = this.#rows.slice(this.#first, this.#first + most);
    this.#first += taken.length;
    if (this.#first > SLACK && this.#first * 2 > this.#rows.length) {
      this.#rows = this.#rows.slice(this.#first);
      this.#first = 0;
    }
    return taken;
  }

  /** The oldest ones of which the condition holds, up to the first of which it does not. */
  takeWhile(isMeant: (row: Pending) => boolean): readonly Pending[] {
    let count = 0;
    while (count < this.size && isMeant(this.#rows[this.#first + count] as Pending)) count += 1;
    return count === 0 ? [] : this.take(count);
  }
}
