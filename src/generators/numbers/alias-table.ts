import { unitOf } from './hash.ts';

/**
 * Picks an index in proportion to its weight, in constant time.
 *
 * Source: A. Walker's alias method as built by M. Vose, 1991.
 */
export class AliasTable {
  readonly #thresholds: Float32Array;
  readonly #aliases: Uint32Array;

  constructor(weights: ArrayLike<number>) {
    const count = weights.length;
    this.#thresholds = new Float32Array(count).fill(1);
    this.#aliases = new Uint32Array(count);
    let total = 0;
    for (let index = 0; index < count; index += 1) total += weights[index] as number;
    const scaled = Float64Array.from(weights, (weight) => (weight * count) / total);
    const small: number[] = [];
    const large: number[] = [];
    for (let index = 0; index < count; index += 1) {
      ((scaled[index] as number) < 1 ? small : large).push(index);
    }
    while (small.length > 0 && large.length > 0) {
      const less = small.pop() as number;
      const more = large[large.length - 1] as number;
      this.#thresholds[less] = scaled[less] as number;
      this.#aliases[less] = more;
      scaled[more] = (scaled[more] as number) + (scaled[less] as number) - 1;
      if ((scaled[more] as number) < 1) small.push(large.pop() as number);
    }
  }

  /** The index that 32 random bits stand for: whole part the column, fraction the height in it. */
  pick(bits: number): number {
    const point = unitOf(bits) * this.#thresholds.length;
    const index = Math.floor(point);
    const isOwn = point - index < (this.#thresholds[index] as number);
    return isOwn ? index : (this.#aliases[index] as number);
  }
}
