import { ln } from './exact-math.ts';

/**
 * Scrambles 32 bits, one to one.
 *
 * Bits are signed here: V8 keeps a whole number in place up to 2^31 and no further.
 * Source: the finalizer of MurmurHash3 (public domain).
 */
export function mix(bits: number): number {
  let x = bits;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/**
 * 32 bits that depend on all three numbers and on nothing else.
 *
 * It stands in for memory: the home address of card 7 is a hash of 7, so nobody has to store it.
 */
export function hash(key: number, a: number, b: number): number {
  return mix(mix(key + Math.imul(a, 0x9e3779b1)) ^ Math.imul(b, 0x7feb352d));
}

/** 32 bits as a number from 0 up to, but not including, 1. */
export function unitOf(bits: number): number {
  return (bits >>> 0) / 4294967296;
}

/** A 32-bit key from any text. */
export function keyOf(text: string): number {
  let key = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.codePointAt(at) as number;
    key = mix(key ^ code);
    // A code point past 16 bits has two units.
    if (code > 0xffff) at += 1;
  }
  return key;
}

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

/** 2^32 divided by the golden ratio. */
const GOLDEN = 0x9e3779b1;

/**
 * A stream of random numbers, the same for the same key on every machine.
 *
 * Source: sfc32 (small fast counter), C. Doty-Humphrey, PractRand; 128 bits of state, public domain.
 */
export class Random {
  /** a, b, c and the counter. */
  readonly #state = new Int32Array(4);
  #spare = Number.NaN;

  constructor(key: number, stream: number) {
    this.restart(key, stream);
  }

  /** Begins the stream of a key, as if this were new. */
  restart(key: number, stream: number): void {
    const state = this.#state;
    state[0] = mix(key);
    state[1] = mix(stream ^ 0x5bd1e995);
    state[2] = mix(key ^ Math.imul(stream + 1, GOLDEN));
    state[3] = 1;
    this.#spare = Number.NaN;
    // As many rounds as its author seeds it with: by then all state depends on every bit.
    for (let round = 0; round < 15; round += 1) this.bits();
  }

  /** 32 random bits, signed. */
  bits(): number {
    const state = this.#state;
    const b = state[1] as number;
    const c = state[2] as number;
    const counter = state[3] as number;
    const sum = ((state[0] as number) + b + counter) | 0;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + sum;
    state[3] = counter + 1;
    return sum;
  }

  /** A number between 0 and 1, never either. */
  unit(): number {
    return ((this.bits() >>> 0) + 0.5) / 4294967296;
  }

  /** A whole number from 0 to `count - 1`. */
  below(count: number): number {
    return Math.floor(unitOf(this.bits()) * count);
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return unitOf(this.bits()) < probability;
  }

  /** Exponential with mean 1. */
  exponential(): number {
    return -ln(this.unit());
  }

  /** Normal with mean 0 and deviation 1, by Marsaglia's polar method: no sine, no cosine. */
  normal(): number {
    if (!Number.isNaN(this.#spare)) {
      const spare = this.#spare;
      this.#spare = Number.NaN;
      return spare;
    }
    for (;;) {
      const x = 2 * this.unit() - 1;
      const y = 2 * this.unit() - 1;
      const square = x * x + y * y;
      if (square >= 1) continue;
      const scale = Math.sqrt((-2 * ln(square)) / square);
      this.#spare = y * scale;
      return x * scale;
    }
  }
}
