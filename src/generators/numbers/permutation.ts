import { mix } from './hash.ts';

/**
 * Turns 64 bits into 64 others, one to one, with a key: two numbers never become the same.
 *
 * A Feistel network of four rounds. The result is in `high` and `low` until the next call.
 */
export class Permutation {
  high = 0;
  low = 0;
  readonly #a: number;
  readonly #b: number;
  readonly #c: number;
  readonly #d: number;

  constructor(key: number) {
    this.#a = mix(key ^ 0x243f6a88);
    this.#b = mix(key ^ 0x85a308d3);
    this.#c = mix(key ^ 0x13198a2e);
    this.#d = mix(key ^ 0x03707344);
  }

  apply(high: number, low: number): void {
    let left = high | 0;
    let right = low | 0;
    left ^= mix((right + this.#a) | 0);
    right ^= mix((left + this.#b) | 0);
    left ^= mix((right + this.#c) | 0);
    right ^= mix((left + this.#d) | 0);
    this.high = left;
    this.low = right;
  }
}
