import { ln } from './exact-math.ts';
import { mix, unitOf } from './hash.ts';

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
